//! Keyset paging: limit, cursor, order, filters, and the envelope.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Answer;
use super::kind::Kind;
use super::moment;
use super::record::Record;
use super::render::render;
use super::request::Request;
use super::table::Order;
use super::world::{World, as_uuid};

const LARGEST: usize = 100;

/// Which list, in which envelope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing {
    /// The kind of record.
    pub kind: Kind,
    /// Whose list; nothing for everybody's.
    pub scope: Option<Uuid>,
    /// `results`, or `data` for surveys.
    pub member: &'static str,
}

/// Which records a list shows.
#[derive(Debug, Default)]
struct Wanted {
    archived: Option<bool>,
    churned: Option<bool>,
    source: Option<String>,
    category: Option<String>,
    organization_users: bool,
}

/// Answers a page.
pub(super) fn page(world: &World, listing: Listing, request: &Request) -> Result<Answer, Answer> {
    let limit = limit(request.param("limit"))?;
    let order = order(listing, request.param("sortBy"))?;
    let below = request.param("from").filter(|from| !from.is_empty()).map(cursor).transpose()?;
    let wanted = wanted(world, listing, request)?;
    let mut found = world
        .table(listing.kind)
        .list(listing.scope, order, below)
        .filter(|record| shows(world, listing, &wanted, record));
    let mut body = format!("{{\"{}\":[", listing.member);
    let mut last = None;
    for (count, record) in found.by_ref().take(limit).enumerate() {
        if count > 0 {
            body.push(',');
        }
        render(world, listing.kind, record, &mut body);
        last = Some(record);
    }
    let next = match (last, found.next()) {
        (Some(record), Some(_)) => Value::String(cursor_after(record, order)),
        _ => Value::Null,
    };
    body.push_str("],\"next\":");
    body.push_str(&next.to_string());
    if world.switches.at_end && listing.member == "results" {
        body.push_str(if next.is_null() { ",\"atEnd\":true" } else { ",\"atEnd\":false" });
    }
    body.push('}');
    Ok(Answer::ok(body))
}

/// The cursor that means "from the first page on"; a fault uses it.
pub(super) fn first_cursor() -> String {
    encoded("9999-01-01T00:00:00.000Z", Uuid::max())
}

fn limit(given: Option<&str>) -> Result<usize, Answer> {
    let Some(text) = given else { return Ok(LARGEST) };
    match text.parse::<u64>() {
        Ok(number) if number > 0 => Ok(usize::try_from(number).map_or(LARGEST, |n| n.min(LARGEST))),
        _ => Err(Answer::bad("limit must be a number from 1 to 100")),
    }
}

fn order(listing: Listing, given: Option<&str>) -> Result<Order, Answer> {
    match given {
        _ if listing.member == "data" => Ok(Order::Created),
        None | Some("updatedAt") => Ok(Order::Updated),
        Some("createdAt") => Ok(Order::Created),
        Some(_) => Err(Answer::bad("sortBy must be createdAt or updatedAt")),
    }
}

fn encoded(time: &str, id: Uuid) -> String {
    STANDARD.encode(json!({ "sortVal": time, "id": id.to_string() }).to_string())
}

fn cursor_after(record: &Record, order: Order) -> String {
    let time = if order == Order::Created { record.created } else { record.updated };
    encoded(&moment::text(time), record.id)
}

fn cursor(text: &str) -> Result<(i64, Uuid), Answer> {
    let read = || {
        let value: Value = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
        Some((moment::parse(value["sortVal"].as_str()?)?, as_uuid(value["id"].as_str()?)?))
    };
    read().ok_or_else(|| Answer::bad("from is not a cursor of this list"))
}

fn wanted(world: &World, listing: Listing, request: &Request) -> Result<Wanted, Answer> {
    let mut wanted = Wanted::default();
    if listing.kind.archives() {
        wanted.archived = match request.param("archived") {
            Some("true") => Some(true),
            None if world.switches.archived_omitted_is_both => None,
            Some("false") | None => Some(false),
            Some(_) => return Err(Answer::bad("archived must be true or false")),
        };
        // Meetings differ: "true includes archived ones".
        if listing.kind == Kind::Meeting && wanted.archived == Some(true) {
            wanted.archived = None;
        }
    }
    if matches!(listing.kind, Kind::Task | Kind::Note) {
        wanted.source = request.param("source").map(String::from);
    }
    if listing.kind == Kind::ProjectTemplate {
        wanted.category = request.param("categoryId").map(String::from);
    }
    if listing.kind == Kind::Account && listing.scope.is_none() {
        wanted.churned = match request.param("status") {
            None | Some("active") => Some(false),
            Some("churned") => Some(true),
            Some("activeOrChurned") => None,
            Some(_) => return Err(Answer::bad("status must be active, churned or activeOrChurned")),
        };
    }
    if listing.kind == Kind::NpsResponse {
        wanted.organization_users = match request.param("target") {
            None | Some("accounts") => false,
            Some("organization" | "organizations") => true,
            Some(_) => return Err(Answer::bad("target must be accounts or organization")),
        };
    }
    Ok(wanted)
}

fn shows(world: &World, listing: Listing, wanted: &Wanted, record: &Record) -> bool {
    let source = || record.source.as_deref().unwrap_or("");
    wanted.archived.is_none_or(|archived| record.archived == archived)
        && wanted.churned.is_none_or(|churned| record.churned == churned)
        && wanted.source.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(source()))
        && wanted.category.as_ref().is_none_or(|id| record.fields()["projectCategoryId"] == id.as_str())
        && (listing.kind != Kind::NpsResponse
            || listing.scope.is_some()
            || answered_for(world, record, wanted.organization_users))
}

/// Whether the user who answered has accounts, or is a user of organizations.
fn answered_for(world: &World, record: &Record, organization: bool) -> bool {
    record.links.users.iter().filter_map(|id| world.get(Kind::User, *id)).any(|user| {
        if organization { !user.links.organizations.is_empty() } else { !user.links.accounts.is_empty() }
    })
}
