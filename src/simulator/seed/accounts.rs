//! Organizations and accounts.

use std::num::NonZero;
use std::sync::Mutex;
use std::{iter, thread};

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::derive;
use super::super::kind::Kind;
use super::super::moment::{self, DAY};
use super::super::options::Options;
use super::super::record::{Links, Record};
use super::super::request::Fields;
use super::super::world::{World, blank};
use super::{Cast, day, store, words};

const REGIONS: &[&str] = &["EMEA", "AMER", "APAC"];
const PLANS: &[(&str, &str, i64)] =
    &[("Starter", "bronze", 400), ("Pro", "silver", 1200), ("Enterprise", "gold", 4800)];
const SEGMENTS: &[(&str, &str)] = &[
    ("a3b0f1a2-58b7-4a7c-93d6-0d0d6f7f2a01", "Enterprise"),
    ("a3b0f1a2-58b7-4a7c-93d6-0d0d6f7f2a02", "Mid-market"),
    ("a3b0f1a2-58b7-4a7c-93d6-0d0d6f7f2a03", "Small business"),
];
/// Days from now to an account's renewal are spread over this many days.
const YEAR: usize = 365;

/// How many accounts a thread writes at a time.
const SHARE: usize = 1000;

/// The place of an account in the tenant, which is a part of its id.
pub(super) fn place(account: Uuid) -> usize {
    usize::try_from(account.as_u128() & 0xffff_ffff).unwrap_or(usize::MAX)
}

/// A random id that ends in the place of the account.
fn numbered(world: &mut World, place: usize) -> Uuid {
    let high = world.new_id().as_u128() & !0xffff_ffff;
    Uuid::from_u128(high | u128::try_from(place).unwrap_or(0))
}

/// Makes the organizations: a few, at most 2,000.
pub(super) fn organizations(world: &mut World, cast: &mut Cast, accounts: usize) {
    let seed = world.random.u64(..);
    for n in 0..(accounts / 8).clamp(3, 2000) {
        let id = world.new_id();
        let created = cast.ago(950) + world.random.i64(0..DAY * 200);
        let mut fields = blank(Kind::Organization);
        let company = words::company(seed, n);
        let short = company.rsplit_once(' ').map_or(company.as_str(), |(short, _)| short);
        fields.insert("externalId".into(), json!(format!("org-{}", n + 1)));
        fields.insert("name".into(), json!(format!("{short} Group")));
        fields.insert(
            "traits".into(),
            json!({ "vitally.custom.region": REGIONS[n % REGIONS.len()], "mrr": 2500 + 750 * (n % 9) }),
        );
        fields.insert(
            "healthScore".into(),
            moment::number(f64::from(u8::try_from(40 + n * 7 % 60).unwrap_or(70)) / 10.0),
        );
        fields.insert("csmId".into(), json!(cast.admin(n).to_string()));
        fields.insert("segments".into(), segment(n));
        derive::views(&mut fields, created);
        store(world, Kind::Organization, id, (created, created), fields, Links::default());
        cast.organizations.push(id);
    }
}

/// What is drawn by lot about an account. The lots come one after the other, so that a seed gives the same tenant
/// however many threads write it down.
struct Lots {
    id: Uuid,
    created: i64,
    updated: i64,
    /// In tenths.
    health: Option<i32>,
    /// The id of the key role, for those that have a CSM.
    role: Option<Uuid>,
    first_seen: i64,
    last_seen: i64,
}

/// Makes the accounts.
pub(super) fn accounts(world: &mut World, cast: &mut Cast, options: &Options) {
    let seed = world.random.u64(..);
    cast.names = seed;
    let lots: Vec<Lots> = (0..options.accounts).map(|n| lots(world, cast, n)).collect();
    cast.accounts.extend(lots.iter().map(|lots| lots.id));
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let (cast, shares) = (&*cast, Mutex::new(lots.chunks(SHARE).enumerate()));
    // Whoever has written a share takes the next one, because the system does not let all threads run as fast.
    let work = || -> Vec<(usize, Vec<Record>)> {
        let next = || shares.lock().ok()?.next();
        iter::from_fn(next).map(|(n, lots)| (n, written(cast, options, seed, n * SHARE, lots))).collect()
    };
    let mut written: Vec<(usize, Vec<Record>)> = thread::scope(|scope| {
        let started: Vec<_> =
            (0..threads.min(lots.len().div_ceil(SHARE))).map(|_| scope.spawn(work)).collect();
        started.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    written.sort_unstable_by_key(|(n, _)| *n);
    world.fill(Kind::Account, written.into_iter().flat_map(|(_, records)| records).collect());
}

fn lots(world: &mut World, cast: &Cast, n: usize) -> Lots {
    let id = numbered(world, n);
    let old = cast.ago(900) + world.random.i64(0..DAY * 840);
    // Every twentieth account is a new customer.
    let created = if n % 20 == 19 { cast.ago(new_days(n)) } else { old };
    let updated = (created + world.random.i64(0..cast.now - created)).min(cast.now - 60_000);
    let health =
        (n % 13 != 7).then(|| if n % 7 == 3 { world.random.i32(5..35) } else { world.random.i32(40..=100) });
    let role = (n % 17 != 3).then(|| world.new_id());
    let first_seen = cast.ago(300) + world.random.i64(0..DAY);
    let last_seen = cast.now - world.random.i64(60_000..30 * DAY);
    Lots { id, created, updated, health, role, first_seen, last_seen }
}

/// The accounts from the first one's place on.
fn written(cast: &Cast, options: &Options, seed: u64, first: usize, lots: &[Lots]) -> Vec<Record> {
    let blank = blank(Kind::Account);
    let account = |(n, lots): (usize, &Lots)| {
        // Two of three accounts belong to an organization; the first two do.
        let organization = (n % 3 != 2).then(|| cast.organizations[n * 2 / 3 % cast.organizations.len()]);
        let mut fields = blank.clone();
        about(cast, &mut fields, n, seed, lots);
        fields.insert("traits".into(), Value::Object(traits(cast, &fields, n)));
        if let Some(organization) = organization {
            fields.insert("organizationId".into(), json!(organization.to_string()));
        }
        derive::views(&mut fields, lots.created);
        let links = Links { organizations: organization.into_iter().collect(), ..Links::default() };
        let mut record = Record::new(lots.id, lots.created, lots.updated, fields, links);
        if options.traits > 0 {
            record.text = with_extra_traits(&record.text, n, options.traits);
        }
        record
    };
    (first..).zip(lots).map(account).collect()
}

fn about(cast: &Cast, fields: &mut Fields, n: usize, seed: u64, lots: &Lots) {
    fields.insert("externalId".into(), json!(format!("acct-{}", n + 1)));
    fields.insert("name".into(), json!(words::company(seed, n)));
    if let Some(tenths) = lots.health {
        fields.insert("healthScore".into(), moment::number(f64::from(tenths) / 10.0));
    }
    if let Some(role) = lots.role {
        let admin = cast.admin(n);
        fields.insert("csmId".into(), json!(admin.to_string()));
        fields.insert("keyRoles".into(), key_roles(role, cast, n));
    }
    fields.insert("segments".into(), segment(n));
    fields.insert("firstSeenTimestamp".into(), moment::value(lots.first_seen));
    fields.insert("lastSeenTimestamp".into(), moment::value(lots.last_seen));
}

fn traits(cast: &Cast, fields: &Fields, n: usize) -> Fields {
    let (plan, tier, price) = PLANS[(n + n / 3) % PLANS.len()];
    let mut traits = Fields::new();
    let name = fields["name"].as_str().unwrap_or("");
    traits.insert("hspot.domain".into(), json!(words::domain(name)));
    traits.insert("vitally.custom.plan".into(), json!(plan));
    traits.insert("vitally.custom.tier".into(), json!(tier));
    let seats = i64::try_from(5 + n * 17 % 140).unwrap_or(5);
    traits.insert("vitally.custom.seats".into(), json!(seats));
    if is_churned(n) {
        traits.insert("mrr".into(), json!(0));
        let days = i64::try_from(10 + n * 29 % 300).unwrap_or(10);
        traits.insert("churnedAt".into(), day(cast.ago(days)));
    } else {
        traits.insert("mrr".into(), json!(price + seats * 20));
        if let Some(days) = renewal(n) {
            traits.insert("nextRenewalDate".into(), day(cast.ago(-days)));
        }
    }
    traits
}

fn is_churned(n: usize) -> bool {
    n % 11 == 5
}

/// Days since a new customer was made: every week has some.
fn new_days(n: usize) -> i64 {
    i64::try_from(2 + n / 20 % 4).unwrap_or(2)
}

/// Days until the renewal; some accounts have no renewal date.
fn renewal(n: usize) -> Option<i64> {
    let days = match n {
        0 => 21,
        1 => 45,
        n if n % 9 == 4 => return None,
        n => 2 + n * 37 % YEAR,
    };
    i64::try_from(days).ok()
}

fn segment(n: usize) -> Value {
    let (id, name) = SEGMENTS[n % SEGMENTS.len()];
    json!([{ "id": id, "name": name }])
}

fn key_roles(id: Uuid, cast: &Cast, n: usize) -> Value {
    let person = &cast.people[n % cast.people.len()];
    let since = moment::value(cast.ago(i64::try_from(20 + n % 200).unwrap_or(20)));
    json!([{
        "id": id.to_string(), "createdAt": since, "assignedAt": since, "vitallyUser": person,
        "keyRole": {
            "id": "a996067e-93f6-430b-b888-75f954bef0b0",
            "createdAt": moment::value(cast.ago(920)), "label": "CSM",
        },
    }])
}

/// A record's text with more traits in front of its own; as text, because there may be millions of them.
fn with_extra_traits(text: &str, n: usize, extra: usize) -> Box<str> {
    let start = "\"traits\":{";
    let Some((before, after)) = text.split_once(start) else { return Box::from(text) };
    let mut whole = String::with_capacity(text.len() + extra * 60);
    whole.push_str(before);
    whole.push_str(start);
    for extra in 0..extra {
        let (number, value) = (extra.to_string(), ((n * 31 + extra * 7) % 9973).to_string());
        for part in ["\"vitally.custom.benchmark", &number, "\":\"value ", &value, "\","] {
            whole.push_str(part);
        }
    }
    whole.push_str(after);
    Box::from(whole.as_str())
}
