//! Walking a list page by page.

use super::connection::Connection;
use super::head::{Head, is_object};
use super::order::Order;
use super::pace::Priority;
use super::underway::Underway;
use super::{Answer, Failure, Kind};
use crate::catalogue::Envelope;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// The most records Vitally gives in a page.
const PAGE: &str = "100";

/// The pages of one list, each a JSON text, the next one already on its way while the caller works. After a
/// failure there are no more. At most two pages are held: the caller's and the next.
pub struct Walk {
    connection: Arc<Connection>,
    priority: Priority,
    path: String,
    query: Vec<(String, String)>,
    envelope: Envelope,
    seen: HashSet<String>,
    coming: Option<Result<Underway, Failure>>,
}

impl Walk {
    pub(super) fn new(
        connection: Arc<Connection>,
        priority: Priority,
        path: &str,
        mut query: Vec<(String, String)>,
        envelope: Envelope,
    ) -> Walk {
        let mut seen = HashSet::new();
        if envelope != Envelope::Bare {
            if !query.iter().any(|(name, _)| name == "limit") {
                query.push(("limit".into(), PAGE.into()));
            }
            seen.extend(query.iter().filter(|(name, _)| name == "from").map(|(_, cursor)| cursor.clone()));
        }
        let mut walk =
            Walk { connection, priority, path: path.to_string(), query, envelope, seen, coming: None };
        walk.coming = Some(walk.ask());
        walk
    }

    fn ask(&self) -> Result<Underway, Failure> {
        let order = Order::read(&self.path, &self.query)?;
        Ok(self.connection.start(order, self.priority))
    }

    /// Sends for the page after this one, if there is one.
    fn follow(&mut self, page: Answer, order: &Order) -> Result<Vec<u8>, Failure> {
        let cursor =
            next_cursor(page.head, &page.body, self.envelope).map_err(|what| broken(order, &what))?;
        let Some(cursor) = cursor else { return Ok(page.body) };
        if !self.seen.insert(cursor.clone()) {
            return Err(broken(order, "names a page that was already read, so the list would never end"));
        }
        self.query.retain(|(name, _)| name != "from");
        self.query.push(("from".into(), cursor));
        self.coming = Some(self.ask());
        Ok(page.body)
    }
}

impl Iterator for Walk {
    type Item = Result<Vec<u8>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let underway = match self.coming.take()? {
            Ok(underway) => underway,
            Err(failure) => return Some(Err(failure)),
        };
        let order = underway.order();
        Some(underway.wait().and_then(|page| self.follow(page, &order)))
    }
}

/// The cursor of the next page; none at the end. The error says what is wrong with the page.
fn next_cursor(head: Option<Head>, page: &[u8], envelope: Envelope) -> Result<Option<String>, String> {
    if envelope == Envelope::Bare || !is_object(page) {
        return Ok(None);
    }
    let head = head.ok_or("is not a page of a list")?;
    let (there, name) = match envelope {
        Envelope::Data => (head.data.is_some(), "data"),
        Envelope::Results | Envelope::Bare => (head.results.is_some(), "results"),
    };
    if !there {
        return Err(format!("holds no \"{name}\", so it is not a page of a list"));
    }
    if head.at_end == Some(Value::Bool(true)) {
        return Ok(None);
    }
    match head.next {
        None | Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(Value::String(cursor)) if cursor.is_empty() => Ok(None),
        Some(Value::String(cursor)) => Ok(Some(cursor)),
        Some(Value::Number(cursor)) => Ok(Some(cursor.to_string())),
        Some(_) => Err("names the next page in a way that is not known".into()),
    }
}

fn broken(order: &Order, what: &str) -> Failure {
    order.failure(
        Kind::Server,
        format!("Vitally's answer {what}"),
        Some("run it again; if it stays like this, report it to Vitally's support".into()),
    )
}
