//! Hooks: what is seen, what is kept, what is handed out.

use serde_json::Value;
use vitally_script::hooks::listed::Listed;
use vitally_script::tape;

mod bugs;
mod cases;
mod faulty;
mod kills;
mod other_profile;
mod outage;
mod real;
mod recipes;
mod remembered;
mod simulate;
mod simulation;
mod stage;
mod world;

/// Records as a page of a list shows them.
fn listed(records: Vec<Value>) -> Vec<Listed> {
    let page = tape::Page::parse(Value::from(records).to_string().into_bytes()).unwrap();
    Listed::all(&page, page.root()).unwrap()
}
