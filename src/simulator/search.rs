//! The searches for users and admins, and the health score breakdown.

use serde_json::{Value, json};

use super::answer::Answer;
use super::kind::Kind;
use super::moment;
use super::record::Record;
use super::render::render;
use super::request::Request;
use super::world::World;

/// `GET /users/search`: an envelope without a cursor, by exactly one of three parameters.
pub(super) fn users(world: &World, request: &Request) -> Result<Answer, Answer> {
    let names = ["externalId", "email", "emailSubdomain"];
    let given: Vec<(&str, &str)> =
        names.iter().filter_map(|name| request.param(name).map(|value| (*name, value))).collect();
    let table = world.table(Kind::User);
    let found = match given[..] {
        [("externalId", key)] => table.external(uuid::Uuid::nil(), key).into_iter().collect(),
        [("email", email)] => table.with_email(email),
        [(_, domain)] => table.at_domain(domain),
        _ => return Err(Answer::bad("Exactly one of externalId, email, emailSubdomain is expected")),
    };
    let mut body = String::from("{\"results\":[");
    for (count, record) in found.into_iter().enumerate() {
        if count > 0 {
            body.push(',');
        }
        render(world, Kind::User, record, &mut body);
    }
    body.push_str("]}");
    Ok(Answer::ok(body))
}

/// `GET /admins/search`: one bare admin; a miss is 404.
pub(super) fn admins(world: &World, request: &Request) -> Result<Answer, Answer> {
    let email = request.param("email").ok_or_else(|| Answer::bad("email is required"))?;
    let found = world.table(Kind::Admin).with_email(email).into_iter().next();
    found.map(|admin| Answer::ok(admin.text.to_string())).ok_or_else(Answer::missing)
}

/// `GET /accounts/:id/healthScores`: what the back door set, or parts that add up to the account's score.
pub(super) fn health(world: &World, account: &Record) -> Answer {
    if let Some(set) = world.health.get(&account.id) {
        return Answer::value(set);
    }
    let score = account.fields()["healthScore"].clone();
    let parts = score.as_f64().map_or_else(Vec::new, |score| {
        let usage = ((score + 0.8).min(10.0) * 10.0).round() / 10.0;
        let support = ((2.0 * score - usage) * 10.0).round() / 10.0;
        vec![
            json!({ "id": "c8d6d9e0-62b4-41b5-9b7c-b7d4f3c2a201", "name": "Product usage", "score": moment::number(usage), "weight": 0.5 }),
            json!({ "id": "d1f7a6a4-0c3c-4a52-8f39-5a6c1b8e3302", "name": "Support load", "score": moment::number(support), "weight": 0.5 }),
        ]
    });
    let at = if score.is_null() { Value::Null } else { moment::value(account.updated) };
    Answer::value(&json!({
        "accountId": account.id.to_string(), "healthScore": score, "calculatedAt": at, "breakdown": parts,
    }))
}
