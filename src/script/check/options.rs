//! Keys of maps that stand in a call of a library function, and that it does not take: `each(rows, #{ kye: "id" }, …)`.

use super::Call;
use crate::catalogue;
use crate::script::diagnose::Trouble;
use crate::script::fields;
use crate::script::library::{each, email, http, options};
use rhai::{Expr, Position};

/// Why a function does not take a key, and what to do; `None` if it does.
type Problem = fn(function: &str, key: &str) -> Option<(String, String)>;

/// Functions with a map, at which place it stands, and what is said of a key.
const FUNCTIONS: &[(&[&str], usize, Problem)] = &[
    (&["each"], 1, |_, key| each::option_problem(key)),
    (&["email"], 0, |_, key| email::option_problem(key)),
    (&["http_get", "http_delete"], 1, |_, key| http::option_problem(key)),
    (&["http_post", "http_put", "http_patch"], 2, |_, key| http::option_problem(key)),
    (&["read_csv"], 1, options::option_problem),
    (&["write_csv"], 2, options::option_problem),
    (&["ensure_task", "ensure_note"], 0, field),
    (&["upsert_organization", "upsert_account", "upsert_user", "upsert_task", "upsert_note"], 1, field),
];

/// What is wrong with the map of a call.
pub fn troubles(call: &Call) -> Vec<(Trouble, Position)> {
    let name = call.written.name.as_str();
    let Some((_, place, problem)) = FUNCTIONS.iter().find(|(names, ..)| names.contains(&name)) else {
        return Vec::new();
    };
    let before = usize::from(call.method);
    let map = place.checked_sub(before).and_then(|place| call.written.args.get(place));
    let Some(Expr::Map(map, position)) = map else { return Vec::new() };
    let keys = map.0.iter().map(|(key, _)| key);
    let mut found: Vec<(Trouble, Position)> = keys
        .filter_map(|key| {
            let (message, help) = problem(name, &key.name)?;
            Some((Trouble::new(message, help).coded("V023"), key.pos))
        })
        .collect();
    if name.starts_with("ensure_")
        && found.is_empty()
        && map.0.iter().all(|(key, _)| key.name != "externalId")
    {
        let help = "it is how the record is found again: externalId: `call-${account.externalId}`";
        found.push((Trouble::new(format!("{name} needs externalId"), help).coded("V023"), *position));
    }
    found
}

/// A field that neither creating nor updating can set.
fn field(function: &str, key: &str) -> Option<(String, String)> {
    let (verb, kind) = function.split_once('_')?;
    let problem = |verb: &str| {
        let name = format!("{verb}_{kind}");
        let (object, action) = catalogue::actions().find(|(_, action)| action.name == name)?;
        let (message, help) = fields::key_problem(object, action, key)?;
        Some((message.replacen(&name, function, 1), help))
    };
    match verb {
        "upsert" => problem("update").and(problem("create")),
        _ => problem("create"),
    }
}
