//! The seeded tenant: believable, and the same for the same seed and time.
//!
//! Accounts and users are stored directly, so that 100,000 accounts take about a second. What hangs on them is
//! written the way a client would write it, with the clock set to the day it is supposed to have happened.

mod accounts;
mod activity;
mod app;
mod talk;
mod users;
mod words;

use serde_json::{Value, json};
use uuid::Uuid;

use super::kind::Kind;
use super::moment::{self, DAY};
use super::options::Options;
use super::record::{Links, Record};
use super::request::Fields;
use super::world::World;
use super::write::create;

/// How many accounts have tasks, notes, projects and the rest; in large tenants the others have none.
const ACTIVE_ACCOUNTS: usize = 400;

/// What the later parts of the tenant refer to.
#[derive(Debug, Default)]
struct Cast {
    /// The team; the first is Dana Reyes.
    admins: Vec<Uuid>,
    /// The same as JSON, for key roles.
    people: Vec<Value>,
    organizations: Vec<Uuid>,
    accounts: Vec<Uuid>,
    /// What the names of accounts are drawn by.
    names: u64,
    /// Users with the account each belongs to.
    users: Vec<(Uuid, Uuid)>,
    /// The moment of the seeding.
    now: i64,
}

/// Fills an empty tenant.
pub(super) fn seed(world: &mut World, options: &Options) {
    let clock = world.clock;
    let mut cast = Cast { now: world.now(), ..Cast::default() };
    // Whole seconds, so that two tenants started in the same second are alike.
    cast.now -= cast.now % 1000;
    app::team(world, &mut cast);
    app::categories(world, &cast);
    app::traits(world, &cast);
    // Without customers there is nothing but what the team has set up.
    if options.accounts > 0 {
        customers(world, &mut cast, options);
    }
    world.clock = clock;
}

/// Fills the tenant with everybody who is no admin, and with what was done for them.
fn customers(world: &mut World, cast: &mut Cast, options: &Options) {
    accounts::organizations(world, cast, options.accounts);
    accounts::accounts(world, cast, options);
    users::users(world, cast);
    activity::tasks_and_notes(world, cast);
    activity::projects(world, cast);
    activity::instances(world, cast);
    talk::responses(world, cast);
    talk::conversations(world, cast);
    talk::meetings(world, cast);
    talk::survey(world, cast);
}

impl Cast {
    /// The moment this many days ago.
    fn ago(&self, days: i64) -> i64 {
        self.now - days * DAY
    }

    /// The admin whose turn it is.
    fn admin(&self, turn: usize) -> Uuid {
        self.admins[turn % self.admins.len()]
    }

    /// The accounts that have activity, with their place in the tenant.
    fn active(&self) -> impl Iterator<Item = (usize, Uuid)> {
        self.accounts.iter().copied().enumerate().take(ACTIVE_ACCOUNTS)
    }

    /// The users of an account, the first few of a small tenant's.
    fn users_of(&self, account: Uuid) -> Vec<Uuid> {
        let from = self.users.partition_point(|(_, other)| self.place(*other) < self.place(account));
        self.users[from..].iter().take_while(|(_, other)| *other == account).map(|(id, _)| *id).collect()
    }

    /// Ids of accounts are numbered in the order of the tenant, so that this needs no search.
    fn place(&self, account: Uuid) -> usize {
        accounts::place(account).min(self.accounts.len())
    }
}

/// Writes a record the way a client would, on a day this many days ago.
fn write(
    world: &mut World,
    cast: &Cast,
    kind: Kind,
    within: Option<Uuid>,
    days: i64,
    body: Value,
) -> Option<Uuid> {
    let jitter = world.random.i64(0..DAY / 3);
    world.clock = Some((cast.ago(days) - jitter).min(cast.now - 60_000));
    let Value::Object(fields) = body else { return None };
    let answer = create(world, kind, within, &fields);
    debug_assert!(answer.is_ok(), "{} {fields:?}: {answer:?}", kind.name());
    let made: Value = serde_json::from_str(&answer.ok()?.body).ok()?;
    super::world::as_uuid(made["id"].as_str()?)
}

/// Stores a record directly.
fn store(world: &mut World, kind: Kind, id: Uuid, times: (i64, i64), fields: Fields, links: Links) {
    world.put(kind, Record::new(id, times.0, times.1, fields, links));
}

/// The same moment as JSON.
fn day(ms: i64) -> Value {
    json!(moment::text(ms - ms.rem_euclid(DAY)))
}
