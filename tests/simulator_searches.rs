//! The searches: users by one of three criteria, instances by one of six.

use serde_json::{Value, json};
use vitally_script::simulator::{Options, Simulator};

use crate::support::http::{get, id, results, send};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn small() -> Simulator {
    Simulator::start(Options { accounts: 6, rate_limit: None, ..Options::default() }).expect("a simulator")
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_else(|| panic!("{name} of {record}"))
}

#[test]
fn users_are_searched_by_exactly_one_criterion() {
    let simulator = small();
    let user = get(&simulator, "/users/user-1").json();
    let email = text(&user, "email");
    let domain = email.split_once('@').expect("an address").1;
    for path in ["/users/search".to_string(), format!("/users/search?email={email}&externalId=user-1")] {
        assert_eq!(get(&simulator, &path).status, 400, "{path}");
    }
    assert_eq!(results(&simulator, "/users/search?externalId=user-1")[0]["id"], user["id"]);
    assert_eq!(
        results(&simulator, &format!("/users/search?email={}", email.to_uppercase()))[0]["id"],
        user["id"]
    );
    let there = results(&simulator, &format!("/users/search?emailSubdomain={domain}"));
    assert!(there.len() >= 3 && there.iter().all(|one| text(one, "email").ends_with(domain)));
    let body = json!({ "email": "a+b@plus.example" });
    assert_eq!(send(&simulator, "PUT", "/users/user-2", &body).status, 200);
    assert_eq!(results(&simulator, "/users/search?email=a%2Bb@plus.example").len(), 1);
    assert_eq!(results(&simulator, "/users/search?email=a+b@plus.example").len(), 0, "a plus is a space");
}

#[test]
fn searches_for_instances_take_one_criterion_or_the_field_pair() {
    let simulator = small();
    let object = results(&simulator, "/customObjects")[0].clone();
    let path = format!("/customObjects/{}/instances/search", object["id"].as_str().expect("an id"));
    let field = object["customFields"][0]["id"].as_str().expect("an id");
    let account = id(&simulator, "/accounts/acct-1");
    for (query, status, found) in [
        (String::new(), 400, 0),
        (format!("externalId=fr-1&customerId={account}"), 400, 0),
        ("externalId=fr-1&limit=1&sortBy=createdAt".into(), 200, 1),
        (format!("customerId={account}"), 200, 1),
        (format!("customFieldId={field}"), 200, 6),
        (format!("customFieldId={field}&customFieldValue=High"), 200, 2),
        ("customFieldValue=High".into(), 200, 2),
        (format!("organizationId={NOBODY}"), 200, 0),
    ] {
        let reply = get(&simulator, &format!("{path}?{query}"));
        assert_eq!(reply.status, status, "{query}: {}", reply.text());
        if status == 200 {
            assert_eq!(reply.json().as_array().map(Vec::len), Some(found), "{query}");
        }
    }
}
