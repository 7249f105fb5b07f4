//! The people at the customers.

use serde_json::{Value, json};

use super::super::derive;
use super::super::kind::Kind;
use super::super::moment::{self, DAY};
use super::super::record::{Links, Record};
use super::super::world::{World, blank};
use super::{Cast, words};

/// The first accounts have three to seven users each; in larger tenants the rest have none.
const ACCOUNTS_WITH_USERS: usize = 5000;
const ROLES: &[&str] = &["Champion", "Decision maker", "Admin", "End user"];

/// Makes the users of accounts, and one of each organization that belongs to no account.
pub(super) fn users(world: &mut World, cast: &mut Cast) {
    let seed = world.random.u64(..);
    let mut records = Vec::new();
    for n in 0..cast.accounts.len().min(ACCOUNTS_WITH_USERS) {
        let account = cast.accounts[n];
        let domain = words::domain(&words::company(cast.names, n));
        let many = world.random.usize(3..=7);
        for _ in 0..many {
            let links = Links { accounts: vec![account], ..Links::default() };
            let number = cast.users.len();
            let user = user(world, cast, number, seed, &domain, links);
            cast.users.push((user.id, account));
            records.push(user);
        }
        // Without moving the account's `updatedAt`.
        world.amend(Kind::Account, account, |text| {
            text.replacen("\"usersCount\":0", &format!("\"usersCount\":{many}"), 1)
        });
    }
    let first = cast.users.len();
    for n in 0..cast.organizations.len().min(ACCOUNTS_WITH_USERS / 10) {
        let organization = cast.organizations[n];
        let links = Links { organizations: vec![organization], ..Links::default() };
        records.push(user(world, cast, first + n, seed, "holding.example", links));
    }
    world.fill(Kind::User, records);
    for organization in cast.organizations.clone() {
        world.clock = Some(cast.now - 90 * DAY);
        derive::recount(world, Kind::Organization, organization);
    }
}

fn user(world: &mut World, cast: &Cast, n: usize, seed: u64, domain: &str, links: Links) -> Record {
    let id = world.new_id();
    let created = cast.ago(700) + world.random.i64(0..DAY * 680);
    let updated = (created + world.random.i64(0..DAY * 20)).min(cast.now - 60_000);
    let name = words::person(seed, n);
    let mut fields = blank(Kind::User);
    let local = name.to_lowercase().replace(' ', ".");
    let email = format!("{local}@{domain}");
    fields.insert("externalId".into(), json!(format!("user-{}", n + 1)));
    fields.insert("name".into(), json!(name));
    fields.insert("email".into(), json!(email));
    fields.insert("traits".into(), json!({ "vitally.custom.role": ROLES[n % ROLES.len()] }));
    fields.insert("firstKnown".into(), moment::value(created));
    fields.insert("joinDate".into(), moment::value(created));
    if n % 9 != 8 {
        let last = (updated + world.random.i64(0..DAY)).min(cast.now);
        fields.insert("lastSeenTimestamp".into(), moment::value(last));
    }
    if n % 23 == 22 {
        fields.insert("deactivatedAt".into(), moment::value(updated));
    }
    if n % 12 == 7 {
        fields.insert("unsubscribedFromConversations".into(), Value::Bool(true));
        fields.insert("unsubscribedFromConversationsAt".into(), moment::value(updated));
    }
    Record::new(id, created, updated, fields, links)
}
