//! What answers in place of the internet: what a test has ordered. Everything that is asked is written down.

use crate::mail::{self, Letter};
use crate::web::{self, Answer, Elsewhere, Request, Trouble};
use serde_json::{Value, json};
use std::cell::RefCell;

/// The internet of a test.
#[derive(Default)]
pub struct TestWeb {
    /// What was sent, the oldest first.
    sent: RefCell<Vec<Value>>,
    /// The beginnings of addresses with what is answered there; the latest counts.
    answers: RefCell<Vec<(String, u16, String)>>,
}

impl TestWeb {
    /// What was sent so far.
    pub fn sent(&self) -> Vec<Value> {
        self.sent.borrow().clone()
    }

    /// Orders an answer.
    pub fn order(&self, url: &str, status: u16, body: &str) {
        self.answers.borrow_mut().push((url.into(), status, body.into()));
    }
}

impl Elsewhere for TestWeb {
    fn answer(&self, request: &Request) -> Result<Answer, Trouble> {
        let place = web::host(&request.url);
        let url = request.url.as_str();
        let answers = self.answers.borrow();
        let ordered = answers.iter().rev().find(|(start, ..)| url.starts_with(start.as_str()));
        let reads = matches!(request.method, "GET" | "HEAD");
        let (status, body) = match ordered {
            Some((_, status, body)) => (*status, body.clone()),
            // A message that is sent off wants to hear no more than that it arrived.
            None if !reads => (200, "ok".into()),
            None => {
                return Err(Trouble::new(
                    "refused",
                    format!("nothing is sent in a test, and nobody said what {place} answers"),
                    format!("order an answer: fake_http(\"https://{place}/\", #{{ … }})"),
                ));
            }
        };
        let text = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()).into_owned();
        let sent_json: Value = serde_json::from_str(&text).unwrap_or_default();
        let said = sent_json["text"].as_str().unwrap_or(&text).to_string();
        let shown = if request.secret { format!("https://{place}/***") } else { url.to_string() };
        self.sent.borrow_mut().push(json!({
            "host": place,
            "method": request.method,
            "url": shown,
            "body": text,
            "json": sent_json,
            "text": said,
        }));
        Ok(Answer { status, headers: Vec::new(), body: body.into_bytes() })
    }
}

impl mail::Elsewhere for TestWeb {
    fn take(&self, letter: &Letter) {
        let text = letter.text.as_ref().or(letter.html.as_ref());
        let files = letter.attachments.iter().map(|file| file.name.as_str());
        self.sent.borrow_mut().push(json!({
            "host": "email",
            "method": "EMAIL",
            "to": letter.to,
            "cc": letter.cc,
            "bcc": letter.bcc,
            "subject": letter.subject,
            "text": text,
            "html": letter.html,
            "attach": files.collect::<Vec<_>>(),
        }));
    }
}
