//! Fields that follow from other fields or other records.

use serde_json::{Value, json};
use uuid::Uuid;

use super::kind::Kind;
use super::moment;
use super::record::Links;
use super::references::ids;
use super::request::Fields;
use super::table::Order;
use super::world::World;

/// Sets the fields of an account or organization that are views of traits of the same name.
pub(super) fn views(fields: &mut Fields, now: i64) {
    let of = |fields: &Fields, name: &str| fields["traits"].get(name).cloned().unwrap_or_default();
    let mrr = Some(of(fields, "mrr")).filter(Value::is_number).unwrap_or_default();
    if !mrr.is_null() && fields.get("firstPaidDate").is_some_and(Value::is_null) {
        fields.insert("firstPaidDate".into(), moment::value(now));
    }
    fields.insert("mrr".into(), mrr);
    for name in ["nextRenewalDate", "churnedAt", "trialEndDate"] {
        let value = moment::of_trait(&of(fields, name)).map_or(Value::Null, moment::value);
        fields.insert(name.into(), value);
    }
}

/// Sets a user's links (which are only ever added to) and the dates that have defaults.
pub(super) fn user(now: i64, fields: &mut Fields, links: &mut Links, body: &Fields) {
    for (name, linked) in [("accountIds", &mut links.accounts), ("organizationIds", &mut links.organizations)]
    {
        for id in ids(body.get(name)) {
            if !linked.contains(&id) {
                linked.push(id);
            }
        }
    }
    if fields["firstKnown"].is_null() {
        fields.insert("firstKnown".into(), moment::value(now));
    }
    if fields["joinDate"].is_null() {
        fields.insert("joinDate".into(), fields["firstKnown"].clone());
    }
    let since = &fields["unsubscribedFromConversationsAt"];
    let since = match (&fields["unsubscribedFromConversations"], since.is_null()) {
        (Value::Bool(true), true) => moment::value(now),
        (Value::Bool(true), false) => since.clone(),
        _ => Value::Null,
    };
    fields.insert("unsubscribedFromConversationsAt".into(), since);
}

/// A task that names only its account gets that account's organization.
pub(super) fn fill_organization(world: &World, fields: &mut Fields, body: &Fields) {
    let account = ids(body.get("accountId")).first().and_then(|id| world.get(Kind::Account, *id));
    if !body.contains_key("organizationId")
        && let Some(account) = account
    {
        let organization = account.links.organizations.first().map(Uuid::to_string);
        fields.insert("organizationId".into(), organization.into());
    }
}

/// Counts again what belongs to an account or organization. `updatedAt` moves only if a number did.
pub(super) fn recount(world: &mut World, kind: Kind, id: Uuid) {
    let Some(record) = world.get(kind, id) else { return };
    let count = |of: Kind| Value::from(world.table(of).list(Some(id), Order::Created, None).count());
    let mut counts = vec![("usersCount", count(Kind::User))];
    if kind == Kind::Organization {
        counts.push(("accountsCount", count(Kind::Account)));
    }
    let fields = record.fields();
    counts.retain(|(name, value)| fields.get(*name) != Some(value));
    set(world, kind, id, counts);
}

/// Counts again everything above a record with these links.
pub(super) fn recount_above(world: &mut World, links: &Links) {
    for account in &links.accounts {
        recount(world, Kind::Account, *account);
    }
    for organization in organizations_of(world, links) {
        recount(world, Kind::Organization, organization);
    }
}

/// Lets the user's last score, and the counters above it, follow the user's responses.
pub(super) fn nps(world: &mut World, user: Uuid) {
    let Some(record) = world.get(Kind::User, user) else { return };
    let links = record.links.clone();
    let responses = world.table(Kind::NpsResponse).list(Some(user), Order::Created, None);
    let last = responses
        .map(super::record::Record::fields)
        .filter(|fields| !fields["respondedAt"].is_null())
        .max_by_key(|fields| fields["respondedAt"].as_str().map(String::from));
    let of = |name: &str| last.as_ref().map_or(Value::Null, |fields| fields[name].clone());
    let score = of("score").as_f64().map_or(Value::Null, |score| json!(rounded(score)));
    let changes = vec![
        ("npsLastScore", score),
        ("npsLastFeedback", of("feedback")),
        ("npsLastRespondedAt", of("respondedAt")),
    ];
    set(world, Kind::User, user, changes);
    for account in &links.accounts {
        nps_above(world, Kind::Account, *account);
    }
    for organization in organizations_of(world, &links) {
        nps_above(world, Kind::Organization, organization);
    }
}

/// Lets the NPS counters of an account or organization follow its users' last scores.
pub(super) fn nps_above(world: &mut World, kind: Kind, id: Uuid) {
    let users = world.table(Kind::User).list(Some(id), Order::Created, None);
    let scores: Vec<i64> = users.filter_map(|user| user.fields()["npsLastScore"].as_i64()).collect();
    let count = |from: i64, to: i64| scores.iter().filter(|score| (from..=to).contains(score)).count();
    let (detractors, passives, promoters) = (count(0, 6), count(7, 8), count(9, 10));
    let score = if scores.is_empty() {
        Value::Null
    } else {
        let share = (promoters as f64 - detractors as f64) * 100.0 / scores.len() as f64;
        moment::number((share * 10.0).round() / 10.0)
    };
    let mut changes = vec![("npsScore", score)];
    if kind == Kind::Account {
        changes.push(("npsDetractorCount", detractors.into()));
        changes.push(("npsPassiveCount", passives.into()));
        changes.push(("npsPromoterCount", promoters.into()));
    }
    set(world, kind, id, changes);
}

/// Moves a "last …" time of a record forward.
pub(super) fn last(world: &mut World, kind: Kind, id: Uuid, name: &'static str, time: &Value) {
    let Some(record) = world.get(kind, id) else { return };
    let (old, new) = (record.fields()[name].as_str().map(String::from), time.as_str());
    if new > old.as_deref() {
        set(world, kind, id, vec![(name, time.clone())]);
    }
}

/// The organizations of a record: its own and those of its accounts.
pub(super) fn organizations_of(world: &World, links: &Links) -> Vec<Uuid> {
    let accounts = links.accounts.iter().filter_map(|id| world.get(Kind::Account, *id));
    let above = accounts.flat_map(|account| account.links.organizations.iter().copied());
    let mut all: Vec<Uuid> = links.organizations.iter().copied().chain(above).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[allow(clippy::cast_possible_truncation, reason = "a score from 0 to 10")]
fn rounded(score: f64) -> i64 {
    score.round() as i64
}

fn set(world: &mut World, kind: Kind, id: Uuid, changes: Vec<(&'static str, Value)>) {
    let Some(record) = world.get(kind, id) else { return };
    let fields = record.fields();
    if changes.iter().all(|(name, value)| fields.get(*name) == Some(value)) {
        return;
    }
    world.edit(kind, id, |fields, _| {
        for (name, value) in changes {
            fields.insert(name.into(), value);
        }
    });
}
