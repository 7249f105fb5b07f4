//! The dry run: changes are collected, and later reads of the same run see them. Nothing but GETs leaves.

use super::ask::{Ask, Listing, Shape};
use super::change::{Change, Refusal};
use super::door::Pages;
use super::overlay::Overlay;
use super::plan::PlanError;
use super::recent::Recent;
use super::whole::Whole;
use super::{Gate, Planned, live};
use crate::catalogue::{Action, Effect, Envelope, Method, Object};
use crate::client::{Answer, Failure, Headers, Kind};
use crate::tape::Page;
use serde_json::{Value, json};
use std::rc::Rc;
use std::sync::Arc;

/// What a dry run has collected.
#[derive(Default)]
pub struct Dry {
    overlay: Overlay,
}

/// Whether this run would have changed records of a kind.
pub fn touches(gate: &Gate, object: &Object) -> bool {
    gate.dry.borrow().overlay.touches(object)
}

/// Reads one path, with the changes of this run laid over it.
pub fn get(gate: &Gate, ask: &Ask) -> Result<Answer, Failure> {
    let known = gate.dry.borrow().overlay.known(ask);
    if let Some(known) = known {
        return known.ok_or_else(|| not_found(ask)).and_then(|record| answer(&record, ask));
    }
    if ask.shape == Shape::Json {
        return fetched(gate, ask);
    }
    if !touches(gate, ask.object) {
        return fetched(gate, ask).inspect(|answer| learn(gate, ask, answer));
    }
    let real = match fetched(gate, ask) {
        Ok(answer) => answer.page.map(|page| page.root().to_value()),
        Err(failure) if failure.kind == Kind::NotFound => None,
        Err(failure) => return Err(failure),
    };
    let seen = gate.dry.borrow_mut().overlay.seen(ask, real);
    seen.ok_or_else(|| not_found(ask)).and_then(|record| answer(&record, ask))
}

/// Hands in an answer that no change of this run touches: it shows which ids and externalIds belong together.
pub fn learn(gate: &Gate, ask: &Ask, answer: &Answer) {
    if let Some(page) = &answer.page {
        let _ = gate.dry.borrow_mut().overlay.seen(ask, Some(page.root().to_value()));
    }
}

/// A list that needs no request: below a record that this run made, or deleted.
pub fn whole_list(gate: &Gate, listing: &Listing) -> Option<Pages> {
    let whole = gate.dry.borrow_mut().overlay.whole_list(listing)?;
    let page = whole.map_or_else(
        || Err(failure(Method::Get, &listing.path, "this run would have deleted it, or it was never there")),
        |records| {
            let key = if listing.envelope == Envelope::Data { "data" } else { "results" };
            let page = match listing.envelope {
                Envelope::Bare => Value::Array(records),
                Envelope::Results | Envelope::Data => json!({ key: records, "next": null, "atEnd": true }),
            };
            parsed(&page, &listing.path)
        },
    );
    Some(Box::new(std::iter::once(page)))
}

fn fetched(gate: &Gate, ask: &Ask) -> Result<Answer, Failure> {
    gate.counts_read();
    let answer = gate.door.get(&ask.path, &ask.query)?;
    if let (Shape::One(_), Some(page)) = (&ask.shape, &answer.page) {
        gate.recent.borrow_mut().one(ask.object.name, page);
    }
    Ok(answer)
}

/// Walks a list, with the changes of this run laid over its pages.
pub fn walk(gate: &Rc<Gate>, listing: &Listing, pages: Pages) -> Pages {
    let gate = Rc::clone(gate);
    let listing = listing.clone();
    let mut pages = pages.peekable();
    Box::new(std::iter::from_fn(move || {
        let page = pages.next()?;
        let last = pages.peek().is_none();
        Some(page.and_then(|page| laid_over(&gate, &listing, page, last)))
    }))
}

fn laid_over(gate: &Gate, listing: &Listing, page: Arc<Page>, last: bool) -> Result<Arc<Page>, Failure> {
    gate.recent.borrow_mut().page(listing.object.name, &page);
    let key = match listing.envelope {
        Envelope::Results => "results",
        Envelope::Data => "data",
        Envelope::Bare => return Ok(page),
    };
    if !touches(gate, listing.object) {
        return Ok(page);
    }
    let mut value = page.root().to_value();
    if let Some(Value::Array(records)) = value.get_mut(key).map(Value::take) {
        value[key] = gate.dry.borrow_mut().overlay.page(listing, records, last).into();
    }
    parsed(&value, &listing.path)
}

/// What this run makes of an answer, as if Vitally had sent it.
fn parsed(value: &Value, path: &str) -> Result<Arc<Page>, Failure> {
    Page::parse(value.to_string().into_bytes()).map_err(|cause| Failure {
        kind: Kind::Server,
        message: format!("Vitally's answer cannot be laid under the changes of this run: {cause}"),
        help: None,
        status: None,
        method: Method::Get,
        path: path.to_string(),
        maybe_applied: false,
    })
}

/// Takes a change into the plan and answers the record as it would be.
pub fn collect(
    gate: &Gate,
    object: &'static Object,
    action: &'static Action,
    mut change: Change,
    whole: Option<Whole>,
) -> Result<Vec<u8>, Refusal> {
    let whole = match (action.effect, whole) {
        (Effect::Update | Effect::Delete, None) => Some(live::read(gate, object, &change)?),
        (_, whole) => whole,
    };
    if let Some(whole) = &whole {
        live::complete(&mut change, whole);
    }
    gate.within_limit(action)?;
    if action.effect == Effect::Create {
        change.provisional = Some(gate.next_provisional());
    }
    if let Some(whole) = &whole {
        live::remember(object, &mut change, whole);
    }
    if live::already_holds(object, &change) {
        gate.policy.tally.note(|counts| counts.unchanged += 1);
        return Ok(whole.as_ref().map(Whole::body).unwrap_or_default());
    }
    gate.unprotected(object, &change, whole.as_ref())?;
    if let Planned::Elsewhere = gate.policy.plan {
        return Err(Refusal::Guarded {
            message: format!("{} is for another profile than the plan", action.name),
            help: "a plan is for one profile: make one for each, with -p".into(),
        });
    }
    let now = gate.policy.clock.now();
    let value = whole.as_ref().map(Whole::value);
    let taken = gate.dry.borrow_mut().overlay.take(&change, value.as_deref(), now);
    let Some(record) = taken else {
        return Err(Refusal::Failed(Box::new(gone(action, &change))));
    };
    live::forget(gate, &change);
    gate.policy.guard.would_admit();
    if let Some(bulk) = &*gate.bulk.borrow() {
        change.row = bulk.changed_in_dry_run();
    }
    gate.policy.tally.planned(&change);
    if let Planned::Into(sink) = &gate.policy.plan {
        sink.add(&change).map_err(|error| unwritten(&error))?;
    }
    if let Planned::Kept(collected) = &gate.policy.plan {
        collected.add(&change);
    }
    Ok(if record.is_null() { Vec::new() } else { record.to_string().into_bytes() })
}

/// Lays only these changes over what Vitally answers.
pub fn again(gate: &Gate, changes: &[Change]) {
    let now = gate.policy.clock.now();
    let mut overlay = Overlay::default();
    for change in changes {
        overlay.take(change, None, now);
    }
    gate.dry.borrow_mut().overlay = overlay;
    *gate.recent.borrow_mut() = Recent::default();
}

/// The plan cannot be written.
fn unwritten(error: &PlanError) -> Refusal {
    let message = error.message();
    Refusal::NotJournalled { kind: "refused", message: message.text, help: message.help.unwrap_or_default() }
}

fn answer(record: &Value, ask: &Ask) -> Result<Answer, Failure> {
    Ok(Answer { status: 200, page: Some(parsed(record, &ask.path)?), headers: Headers::default() })
}

fn not_found(ask: &Ask) -> Failure {
    failure(Method::Get, &ask.path, "this run would have deleted it, or it was never there")
}

fn gone(action: &Action, change: &Change) -> Failure {
    failure(action.method, &change.path(action), "this run would have deleted it before")
}

fn failure(method: Method, path: &str, why: &str) -> Failure {
    Failure {
        kind: Kind::NotFound,
        message: format!("Vitally would have nothing at {path} (404): {why}"),
        help: None,
        status: Some(404),
        method,
        path: path.to_string(),
        maybe_applied: false,
    }
}
