//! One mail, as a script describes it and as it is sent.

use crate::web::Trouble;
use lettre::message::header::ContentType;
use lettre::message::{Attachment as Attached, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

/// The most bytes of all attachments together: many servers refuse more.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// The most people that one mail goes to.
const MOST: usize = 100;

/// One mail.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// Whom it is for: `sam@example.com`, or `Sam Roe <sam@example.com>`.
    pub to: Vec<String>,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Who gets a copy that the others do not see.
    pub bcc: Vec<String>,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// What it is about.
    pub subject: String,
    /// The text.
    pub text: Option<String>,
    /// The same as HTML.
    pub html: Option<String>,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
}

/// A file that comes with a mail.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name, without a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// The bare addresses of everybody who gets it.
    pub fn everybody(&self) -> impl Iterator<Item = &str> {
        [&self.to, &self.cc, &self.bcc].into_iter().flatten().map(|person| bare(person))
    }

    /// Whether it can be sent at all, whatever the server.
    pub fn check(&self) -> Result<(), Trouble> {
        let people = self.everybody().count();
        if self.to.is_empty() {
            return Err(Trouble::new(
                "mistake",
                "an e-mail needs somebody it is for",
                "such as to: \"sam@example.com\"",
            ));
        }
        if people > MOST {
            return Err(Trouble::new(
                "mistake",
                format!("one e-mail goes to at most {MOST} people, and this one to {people}"),
                "send several, or write to the address of a group",
            ));
        }
        if self.text.is_none() && self.html.is_none() {
            return Err(Trouble::new(
                "mistake",
                "an e-mail needs something in it",
                "such as text: \"All went well\", or html",
            ));
        }
        let size: usize = self.attachments.iter().map(|file| file.bytes.len()).sum();
        if size > LARGEST {
            return Err(Trouble::new(
                "mistake",
                format!("the attachments are larger than {} MB", LARGEST / 1024 / 1024),
                "put the file where people can fetch it, and send its address",
            ));
        }
        let all = [&self.to, &self.cc, &self.bcc].into_iter().flatten().chain(&self.reply_to);
        all.map(|person| mailbox(person)).find_map(Result::err).map_or(Ok(()), Err)
    }

    /// The mail as it is sent.
    pub(super) fn message(self: &Letter, from: &str) -> Result<Message, Trouble> {
        let mut built =
            Message::builder().from(mailbox(from)?).subject(self.subject.as_str()).message_id(None);
        for person in &self.to {
            built = built.to(mailbox(person)?);
        }
        for person in &self.cc {
            built = built.cc(mailbox(person)?);
        }
        for person in &self.bcc {
            built = built.bcc(mailbox(person)?);
        }
        if let Some(person) = &self.reply_to {
            built = built.reply_to(mailbox(person)?);
        }
        let message = if self.attachments.is_empty() {
            match (&self.text, &self.html) {
                (Some(text), Some(html)) => {
                    built.multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))
                }
                (None, Some(html)) => built.singlepart(SinglePart::html(html.clone())),
                (text, None) => built.singlepart(SinglePart::plain(text.clone().unwrap_or_default())),
            }
        } else {
            let mixed = MultiPart::mixed();
            let mut mixed = match (&self.text, &self.html) {
                (Some(text), Some(html)) => {
                    mixed.multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))
                }
                (None, Some(html)) => mixed.singlepart(SinglePart::html(html.clone())),
                (text, None) => mixed.singlepart(SinglePart::plain(text.clone().unwrap_or_default())),
            };
            for file in &self.attachments {
                let kind = ContentType::parse(kind_of(&file.name)).unwrap_or(ContentType::TEXT_PLAIN);
                mixed = mixed.singlepart(Attached::new(file.name.clone()).body(file.bytes.clone(), kind));
            }
            built.multipart(mixed)
        };
        message.map_err(|cause| {
            Trouble::new(
                "invalid",
                format!("the e-mail cannot be written: {cause}"),
                "check its addresses and its subject",
            )
        })
    }
}

/// The address in `Sam Roe <sam@example.com>`.
fn bare(person: &str) -> &str {
    let inside =
        person.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
    inside.unwrap_or(person).trim()
}

fn mailbox(person: &str) -> Result<Mailbox, Trouble> {
    let ill = || {
        Trouble::new(
            "mistake",
            format!("\"{person}\" is not an e-mail address"),
            "such as sam@example.com, or Sam Roe <sam@example.com>; several stand in a list: [\"…\", \"…\"]",
        )
    };
    let address: Address = bare(person).parse().map_err(|_| ill())?;
    let name =
        person.split_once('<').map(|(name, _)| name.trim().trim_matches('"')).filter(|name| !name.is_empty());
    if person.contains(['\r', '\n']) {
        return Err(ill());
    }
    Ok(Mailbox::new(name.map(str::to_string), address))
}

/// What a file is, by the end of its name.
fn kind_of(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
    match end.as_str() {
        "csv" => "text/csv; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "pdf" => "application/pdf",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
