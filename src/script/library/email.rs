//! E-mails, through the server that the settings name.

use super::super::host::{Host, Level};
use super::super::raise::{Raised, mistake};
use super::super::words::{described, did_you_mean};
use super::{Entry, entry};
use crate::files;
use crate::mail::{Attachment, Letter, Posted};
use rhai::{Array, Dynamic, Engine, Map};
use std::path::Path;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[entry(
    "email",
    "email(#{ to, subject, text, html, cc, bcc, reply_to, attach })",
    "Sends an e-mail through the server of [email] in vitally.toml, to addresses that are allowed there. to, cc and bcc are \
     an address or a list of them, attach names files of the project. A dry run says what it would send",
    "if arg(\"send\", false) {\n    \
     email(#{ to: \"sam@example.com\", subject: \"Renewals\", text: plural(3, \"renewal\") + \" this week\" });\n}",
)];

/// What a mail is described by.
pub const OPTIONS: &[&str] = &["to", "subject", "text", "html", "cc", "bcc", "reply_to", "attach"];

/// Registers the function.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let sender = Rc::clone(host);
    engine.register_fn("email", move |letter: Map| send(&sender, &letter));
    engine.register_fn("email", |other: Dynamic| -> Result<bool, Raised> {
        Err(mistake(
            format!("email needs a map, and got {}", described(&other)),
            "such as email(#{ to: \"sam@example.com\", subject: \"Renewals\", text: \"…\" })",
        ))
    });
}

/// Why an e-mail has no such part, and what to do; `None` if it has.
pub fn option_problem(name: &str) -> Option<(String, String)> {
    (!OPTIONS.contains(&name)).then(|| {
        let near = did_you_mean(name, OPTIONS.iter().copied());
        (format!("an e-mail has no \"{name}\"{near}"), format!("it has: {}", OPTIONS.join(", ")))
    })
}

fn send(host: &Host, map: &Map) -> Result<bool, Raised> {
    if let Some((message, help)) = map.keys().find_map(|key| option_problem(key)) {
        return Err(mistake(message, help));
    }
    let letter = Letter {
        to: addresses(map, "to")?,
        cc: addresses(map, "cc")?,
        bcc: addresses(map, "bcc")?,
        reply_to: text(map, "reply_to")?,
        subject: text(map, "subject")?.ok_or_else(|| {
            mistake("an e-mail needs a subject", "such as subject: \"Renewals of this week\"")
        })?,
        text: text(map, "text")?,
        html: text(map, "html")?,
        attachments: attachments(host, map)?,
    };
    let line = format!("e-mail to {}: {}", letter.to.join(", "), letter.subject);
    if host.mail.send(&letter)? == Posted::Planned {
        host.output.log(Level::Info, &format!("would send an {line}"));
    }
    Ok(true)
}

/// One address or several; `()` is nobody.
fn addresses(map: &Map, key: &str) -> Result<Vec<String>, Raised> {
    let Some(value) = map.get(key).filter(|value| !value.is_unit()) else { return Ok(Vec::new()) };
    let items = match value.read_lock::<Array>() {
        Some(items) => items.clone(),
        None => vec![value.clone()],
    };
    items.iter().map(|item| of_text(item, key)).collect()
}

fn text(map: &Map, key: &str) -> Result<Option<String>, Raised> {
    map.get(key).filter(|value| !value.is_unit()).map(|value| of_text(value, key)).transpose()
}

fn of_text(value: &Dynamic, key: &str) -> Result<String, Raised> {
    let text = value.as_immutable_string_ref().map(|text| text.to_string());
    text.ok().filter(|text| !text.trim().is_empty()).ok_or_else(|| {
        mistake(
            format!("\"{key}\" of an e-mail needs a text, and got {}", described(value)),
            "texts stand in double quotes",
        )
    })
}

fn attachments(host: &Host, map: &Map) -> Result<Vec<Attachment>, Raised> {
    let read = |path: String| -> Result<Attachment, Raised> {
        let (name, bytes) = files::read(&host.files, &path)?;
        let name = Path::new(&name).file_name().map_or(name.clone(), |name| name.to_string_lossy().into());
        Ok(Attachment { name, bytes })
    };
    addresses(map, "attach")?.into_iter().map(read).collect()
}
