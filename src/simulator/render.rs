//! A record as the API shows it: its own text, and the records embedded in it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::kind::Kind;
use super::moment;
use super::record::Record;
use super::world::{World, as_uuid};

/// How much of an account or organization is embedded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// Everything but `keyRoles`: in a user.
    KeyRoles,
    /// Nor `segments`: in notes, tasks and the rest.
    Segments,
}

/// Appends a record as lists show it.
pub(super) fn render(world: &World, kind: Kind, record: &Record, out: &mut String) {
    match kind {
        Kind::User => {
            open(out, &record.text);
            many(world, out, "accounts", Kind::Account, &record.links.accounts, Cut::KeyRoles);
            many(world, out, "organizations", Kind::Organization, &record.links.organizations, Cut::KeyRoles);
            out.push('}');
        }
        Kind::Task | Kind::Note | Kind::Instance => {
            open(out, &record.text);
            parents(world, kind, record, out);
            people(world, kind, record, out);
            out.push('}');
        }
        Kind::Project => {
            open(out, &record.text);
            key(out, "durationInDays");
            out.push_str(&duration(world, record).to_string());
            out.push('}');
        }
        Kind::Meeting => {
            open(out, &record.text);
            let (accounts, organizations) = reach(world, record);
            many(world, out, "accounts", Kind::Account, &accounts, Cut::Segments);
            many(world, out, "organizations", Kind::Organization, &organizations, Cut::Segments);
            out.push('}');
        }
        _ => out.push_str(&record.text),
    }
}

/// A record as a single read or a write shows it: conversations with their messages.
pub(super) fn single(world: &World, kind: Kind, record: &Record) -> String {
    let mut out = String::with_capacity(record.text.len() + 64);
    if kind != Kind::Conversation {
        render(world, kind, record, &mut out);
        return out;
    }
    open(&mut out, &record.text);
    let messages = world.table(Kind::Message).ids(Some(record.id));
    list(&mut out, "messages", messages.iter().filter_map(|id| world.get(Kind::Message, *id)), |message| {
        message.text.to_string()
    });
    let (accounts, _) = reach(world, record);
    many(world, &mut out, "accounts", Kind::Account, &accounts, Cut::Segments);
    let users = record.links.users.iter().filter_map(|id| world.get(Kind::User, *id));
    list(&mut out, "users", users, |user| {
        let fields = user.fields();
        json!({ "id": fields["id"], "externalId": fields["externalId"], "name": fields["name"], "email": fields["email"] })
            .to_string()
    });
    let admins = admins_in(world, &messages);
    list(&mut out, "admins", admins.iter().filter_map(|id| world.get(Kind::Admin, *id)), |admin| {
        admin.text.to_string()
    });
    out.push('}');
    out
}

/// A copy of a record's object that is still open at its end.
fn open(out: &mut String, text: &str) {
    out.push_str(text.strip_suffix('}').unwrap_or(text));
}

/// Appends `,"name":`.
fn key(out: &mut String, name: &str) {
    for part in [",\"", name, "\":"] {
        out.push_str(part);
    }
}

/// Appends `,"name":[…]`.
fn list<'a>(
    out: &mut String,
    name: &str,
    records: impl Iterator<Item = &'a Record>,
    show: impl Fn(&Record) -> String,
) {
    let shown: Vec<String> = records.map(show).collect();
    key(out, name);
    out.push('[');
    out.push_str(&shown.join(","));
    out.push(']');
}

fn many(world: &World, out: &mut String, name: &str, kind: Kind, ids: &[Uuid], cut: Cut) {
    key(out, name);
    out.push('[');
    let mut first = true;
    for record in ids.iter().filter_map(|id| world.get(kind, *id)) {
        if !first {
            out.push(',');
        }
        first = false;
        summary(&record.text, cut, out);
    }
    out.push(']');
}

/// An account or organization as it is embedded: cut off before `segments` and `keyRoles`, its last keys.
fn summary(text: &str, cut: Cut, out: &mut String) {
    let start = if cut == Cut::KeyRoles { ",\"keyRoles\":[" } else { ",\"segments\":[" };
    match text.rfind(start) {
        Some(at) => {
            out.push_str(&text[..at]);
            out.push('}');
        }
        None => out.push_str(text),
    }
}

fn one(world: &World, out: &mut String, name: &str, kind: Kind, id: Option<&Uuid>) {
    key(out, name);
    match id.and_then(|id| world.get(kind, *id)) {
        Some(record) if matches!(kind, Kind::Account | Kind::Organization) => {
            summary(&record.text, Cut::Segments, out);
        }
        Some(record) => out.push_str(&record.text),
        None => out.push_str("null"),
    }
}

fn parents(world: &World, kind: Kind, record: &Record, out: &mut String) {
    let account = record.links.accounts.first();
    one(world, out, if kind == Kind::Instance { "customer" } else { "account" }, Kind::Account, account);
    one(world, out, "organization", Kind::Organization, record.links.organizations.first());
    if kind == Kind::Instance {
        many(world, out, "customers", Kind::Account, &record.links.accounts, Cut::Segments);
    }
}

/// The admins and the category of a task or note.
fn people(world: &World, kind: Kind, record: &Record, out: &mut String) {
    let embedded: &[(&str, &str, Kind)] = match kind {
        Kind::Task => &[
            ("assignedTo", "assignedToId", Kind::Admin),
            ("completedBy", "completedById", Kind::Admin),
            ("category", "categoryId", Kind::TaskCategory),
        ],
        Kind::Note => &[("author", "authorId", Kind::Admin), ("category", "categoryId", Kind::NoteCategory)],
        _ => return,
    };
    let fields = record.fields();
    for (name, key, kind) in embedded {
        let id = fields.get(*key).and_then(Value::as_str).and_then(as_uuid);
        one(world, out, name, *kind, id.as_ref());
    }
}

/// Calendar days from a project's start to its completion, or to today while it is open.
fn duration(world: &World, record: &Record) -> i64 {
    let fields = record.fields();
    let day = |name: &str| fields.get(name).and_then(Value::as_str).and_then(moment::parse);
    let start = day("actualStartDate").unwrap_or(record.created);
    let end = day("actualCompletionDate").unwrap_or_else(|| world.now());
    (end.div_euclid(moment::DAY) - start.div_euclid(moment::DAY)).max(0)
}

/// The accounts and organizations of the users who took part.
fn reach(world: &World, record: &Record) -> (Vec<Uuid>, Vec<Uuid>) {
    let (mut accounts, mut organizations) = (Vec::new(), Vec::new());
    for user in record.links.users.iter().filter_map(|id| world.get(Kind::User, *id)) {
        accounts.extend(
            user.links.accounts.iter().filter(|id| !accounts.contains(*id)).copied().collect::<Vec<_>>(),
        );
        let new = user.links.organizations.iter().filter(|id| !organizations.contains(*id));
        organizations.extend(new.copied().collect::<Vec<_>>());
    }
    (accounts, organizations)
}

fn admins_in(world: &World, messages: &[Uuid]) -> Vec<Uuid> {
    let mut admins = Vec::new();
    for message in messages.iter().filter_map(|id| world.get(Kind::Message, *id)) {
        let fields = message.fields();
        let everyone = ["to", "cc", "bcc"].iter().filter_map(|name| fields.get(*name)?.as_array()).flatten();
        for person in everyone.chain(fields.get("from")) {
            if person["type"] == "admin"
                && let Some(id) = person["id"].as_str().and_then(as_uuid)
                && !admins.contains(&id)
            {
                admins.push(id);
            }
        }
    }
    admins
}
