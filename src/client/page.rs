//! Walking a list page by page.

use super::connection::Connection;
use super::order::Order;
use super::pace::Priority;
use super::underway::Underway;
use super::{Answer, Failure, Kind};
use crate::catalogue::Envelope;
use crate::tape::{Node, Page, Read};
use std::collections::HashSet;
use std::sync::Arc;

/// The most records Vitally gives in a page.
const PAGE: &str = "100";

/// The pages of one list, the next one already on its way and parsed while the caller works. After a failure there
/// are no more. At most two pages are held: the caller's and the next.
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
    fn follow(&mut self, answer: Answer, order: &Order) -> Result<Arc<Page>, Failure> {
        let page = answer.page.ok_or_else(|| broken(order, "is not a page of a list"))?;
        let cursor = next_cursor(page.root(), self.envelope).map_err(|what| broken(order, &what))?;
        let Some(cursor) = cursor else { return Ok(page) };
        if !self.seen.insert(cursor.clone()) {
            return Err(broken(order, "names a page that was already read, so the list would never end"));
        }
        self.query.retain(|(name, _)| name != "from");
        self.query.push(("from".into(), cursor));
        self.coming = Some(self.ask());
        Ok(page)
    }
}

impl Iterator for Walk {
    type Item = Result<Arc<Page>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let underway = match self.coming.take()? {
            Ok(underway) => underway,
            Err(failure) => return Some(Err(failure)),
        };
        let order = underway.order();
        let answer = underway.wait().or_else(|failure| {
            let stopped = failure.kind == Kind::Stopped;
            // The wish that ended it was taken back since: in a dialogue, the next input goes on with the list.
            if stopped && !self.connection.stop.is_set() { self.ask()?.wait() } else { Err(failure) }
        });
        Some(answer.and_then(|answer| self.follow(answer, &order)))
    }
}

/// The cursor of the next page; none at the end. The error says what is wrong with the page.
fn next_cursor(page: Node, envelope: Envelope) -> Result<Option<String>, String> {
    let name = match envelope {
        Envelope::Data => "data",
        Envelope::Results => "results",
        Envelope::Bare => return Ok(None),
    };
    if !matches!(page.read(), Read::Object) {
        return Ok(None);
    }
    if page.get(name).is_none_or(|list| matches!(list.read(), Read::Null)) {
        return Err(format!("holds no \"{name}\", so it is not a page of a list"));
    }
    if page.get("atEnd").is_some_and(|end| matches!(end.read(), Read::Bool(true))) {
        return Ok(None);
    }
    match page.get("next").map(Node::read) {
        None | Some(Read::Null | Read::Bool(false) | Read::Text("")) => Ok(None),
        Some(Read::Text(cursor)) => Ok(Some(cursor.to_string())),
        Some(Read::Integer(cursor)) => Ok(Some(cursor.to_string())),
        Some(Read::Large(cursor)) => Ok(Some(cursor.to_string())),
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
