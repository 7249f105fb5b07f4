//! Whether lists can be walked: two pages of one account each.

use super::Finding;
use crate::client::Answer;
use crate::gate::Gate;
use serde_json::Value;

/// The query of the first page.
pub fn first_page() -> Vec<(String, String)> {
    [("limit", "1"), ("sortBy", "createdAt"), ("status", "activeOrChurned")]
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .to_vec()
}

/// Reads the page after `first` and compares the two.
pub fn check(gate: &Gate, first: &Answer) -> Finding {
    let name = "paging";
    let odd = |message: &str| {
        Finding::problem(
            name,
            message,
            "a proxy may change what Vitally answers; show this to Vitally's support",
        )
    };
    let Some(first) = page(first) else { return odd("the list of accounts is not what Vitally documents") };
    let Some(cursor) = first.next else {
        return Finding::ok(name, "there is only one page of accounts");
    };
    let mut query = first_page();
    query.push(("from".into(), cursor.clone()));
    let second = match gate.fetch("/accounts", &query) {
        Ok(answer) => page(&answer),
        Err(failure) => return odd(&format!("the second page cannot be read: {}", failure.message)),
    };
    let Some(second) = second else { return odd("the second page is not what Vitally documents") };
    if second.next.as_ref() == Some(&cursor) {
        return odd("the second page names itself as the next one");
    }
    if first.id.is_some() && first.id == second.id {
        return odd("the second page repeats the first");
    }
    if first.created.zip(second.created).is_some_and(|(newer, older)| newer < older) {
        return odd("accounts do not come newest first");
    }
    Finding::ok(name, "pages follow each other, newest first")
}

struct Page {
    next: Option<String>,
    id: Option<String>,
    created: Option<jiff::Timestamp>,
}

fn page(answer: &Answer) -> Option<Page> {
    let body: Value = serde_json::from_slice(answer.body()).ok()?;
    let items = body.get("results")?.as_array()?;
    let text = |key: &str| items.first()?.get(key)?.as_str().map(str::to_string);
    Some(Page {
        next: body.get("next").and_then(Value::as_str).map(str::to_string),
        id: text("id"),
        created: text("createdAt").and_then(|text| text.parse().ok()),
    })
}
