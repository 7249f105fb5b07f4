//! Pages of Vitally's lists.

use super::listed::Listed;
use super::source::{Lists, Page, Prepare, Purpose, Sort, Source, Take, Trouble, TroubleKind, Wanted};
use super::stream::variants;
use super::way::Way;
use crate::catalogue::{self, Envelope, Object};
use crate::client::{Answer, Client, Priority};
use crate::tape::{Node, Read};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use std::sync::mpsc::{self, SyncSender};
use std::{iter, thread};

/// How many pages may wait to be taken in: so many are then written down at once.
const AHEAD: usize = 16;

/// Vitally itself.
pub struct Vitally {
    polls: Client,
    sweeps: Client,
}

impl Vitally {
    /// Asks through this connection; what people and hooks want goes first.
    pub fn new(client: &Client) -> Vitally {
        Vitally { polls: client.with_priority(Priority::Poll), sweeps: client.with_priority(Priority::Sweep) }
    }

    /// The ids of every record of a list without filters, such as the custom objects.
    fn ids(&self, path: &str) -> Result<Vec<String>, Trouble> {
        let mut ids = Vec::new();
        for page in self.polls.walk(path, Vec::new(), Envelope::Results) {
            let page = page?;
            let records = page.root().get("results").and_then(Node::items).ok_or_else(|| unreadable(path))?;
            ids.extend(records.filter_map(|record| Some(record.get("id")?.text()?.to_string())));
        }
        Ok(ids)
    }

    /// Reads pages until the list ends, one does not come, or nobody wants them any more.
    fn read_on(&self, wanted: &Wanted, prepare: &Prepare, sender: &SyncSender<Result<Page, Trouble>>) {
        let mut way = Way::default();
        loop {
            let mut page = self.page(&Wanted { cursor: way.cursor(), ..wanted.clone() });
            if let Ok(page) = &mut page {
                prepare(page);
            }
            let next = page.as_ref().ok().and_then(|page| page.next.clone());
            let more = page.is_ok();
            if sender.send(page).is_err() || !more {
                return;
            }
            match way.follow(next) {
                Ok(true) => {}
                Ok(false) => return,
                Err(trouble) => return drop(sender.send(Err(trouble))),
            }
        }
    }
}

impl Source for Vitally {
    fn lists(&self, object: &'static Object) -> Result<Lists, Trouble> {
        let Some(list) = object.lists.first() else { return Ok(Lists::default()) };
        let Some(parent) = list.parent else {
            return Ok(Lists { streams: variants(list, None), date: None });
        };
        let parents = catalogue::object(parent).and_then(|parent| parent.lists.first());
        let Some(parents) = parents else { return Ok(Lists::default()) };
        let (mut ids, mut date) = (self.ids(parents.path)?, None);
        if ids.is_empty() {
            // The time is asked first: what is made after it is not there yet, or is found by looking again.
            let answer = self.polls.get(parents.path, &[])?;
            date = Some(date_of(&answer).ok_or_else(timeless)?);
            ids = self.ids(parents.path)?;
        }
        Ok(Lists { streams: ids.iter().flat_map(|id| variants(list, Some(id))).collect(), date })
    }

    fn page(&self, wanted: &Wanted) -> Result<Page, Trouble> {
        let mut query = wanted.stream.query.clone();
        let sort = if wanted.sort == Sort::Created { "createdAt" } else { "updatedAt" };
        query.push(("sortBy".into(), sort.into()));
        query.push(("limit".into(), wanted.limit.to_string()));
        query.extend(wanted.cursor.map(|cursor| ("from".to_string(), cursor.to_string())));
        let client = if wanted.purpose == Purpose::Poll { &self.polls } else { &self.sweeps };
        let answer = client.get(&wanted.stream.path, &query)?;
        let date = date_of(&answer).ok_or_else(timeless)?;
        let page = answer.page.as_ref().ok_or_else(|| unreadable(&wanted.stream.path))?;
        let of = |name: &str| page.root().get(name);
        let records = of("results").and_then(|list| Listed::all(page, list));
        let records = records.ok_or_else(|| unreadable(&wanted.stream.path))?;
        let next = next_of(page.root(), &wanted.stream.path)?;
        Ok(Page { records, date, next })
    }

    /// Reads on while pages are taken in: what waits for the disk here need not wait for Vitally too.
    fn walk(&self, wanted: &Wanted, prepare: &Prepare, take: &mut Take) -> Result<(), Trouble> {
        thread::scope(|scope| {
            let (sender, pages) = mpsc::sync_channel(AHEAD);
            let reader = thread::Builder::new().name("pages".into());
            let reading = reader.spawn_scoped(scope, move || self.read_on(wanted, prepare, &sender));
            reading.map_err(|cause| {
                let what = format!("the system gave no thread to read lists with: {cause}");
                Trouble::new(TroubleKind::Passing, what)
            })?;
            while let Ok(first) = pages.recv() {
                let come: Vec<Result<Page, Trouble>> = iter::once(first).chain(pages.try_iter()).collect();
                let (good, bad): (Vec<_>, Vec<_>) = come.into_iter().partition(Result::is_ok);
                take(good.into_iter().flatten().collect())?;
                bad.into_iter().collect::<Result<Vec<Page>, Trouble>>()?;
            }
            Ok(())
        })
    }
}

/// Where the next page begins, if there is one. What cannot be understood is not taken for the end of the list, because then
/// the walk would count as whole.
fn next_of(page: Node, path: &str) -> Result<Option<String>, Trouble> {
    let over = match page.get("atEnd").map(Node::read) {
        None | Some(Read::Null) => false,
        Some(Read::Bool(over)) => over,
        Some(_) => return Err(unreadable(path)),
    };
    let next = match page.get("next").map(Node::read) {
        None | Some(Read::Null) => None,
        Some(Read::Text(next)) => Some(next),
        Some(_) => return Err(unreadable(path)),
    };
    Ok(next.filter(|next| !over && !next.is_empty()).map(ToString::to_string))
}

fn timeless() -> Trouble {
    let what = "Vitally's answer does not say what time it is, so nothing can be told from it";
    Trouble::new(TroubleKind::Passing, what)
}

fn unreadable(path: &str) -> Trouble {
    Trouble::new(TroubleKind::Passing, format!("Vitally's answer to {path} is not a page of a list"))
}

/// What time it is for Vitally.
fn date_of(answer: &Answer) -> Option<Timestamp> {
    Some(rfc2822::parse(answer.headers.get("date")?).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::next_of;
    use crate::tape::Page;

    #[test]
    fn the_end_of_a_list_is_never_guessed() {
        let next =
            |text: &str| next_of(Page::parse(text.into()).expect("it is JSON").root(), "/accounts").ok();
        for (text, expected) in [
            (r#"{ "next": "a" }"#, Some(Some("a"))),
            (r#"{ "next": "a", "atEnd": false }"#, Some(Some("a"))),
            (r#"{ "next": "a", "atEnd": true }"#, Some(None)),
            (r#"{ "next": null }"#, Some(None)),
            (r#"{ "next": "" }"#, Some(None)),
            ("{}", Some(None)),
            (r#"{ "next": 7 }"#, None),
            (r#"{ "next": ["a"] }"#, None),
            (r#"{ "next": "a", "atEnd": "no" }"#, None),
        ] {
            assert_eq!(next(text), expected.map(|next| next.map(ToString::to_string)), "{text}");
        }
    }
}
