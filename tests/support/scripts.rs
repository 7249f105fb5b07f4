//! A bare engine with the values scripts hold, and lists made of pages in memory.

use rhai::{Dynamic, Engine, EvalAltResult, Map, Scope};
use serde_json::{Value, json};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use vitally_script::catalogue::{self, Envelope};
use vitally_script::script::list::{List, PageSource};
use vitally_script::script::raise::Raised;
use vitally_script::script::record::Record;
use vitally_script::script::value::to_json;
use vitally_script::script::{operators, record_type, verbs};
use vitally_script::tape::Page;

/// Pages in memory, which count how often one was fetched.
pub struct Pages {
    pages: Vec<Arc<Page>>,
    fetched: Rc<Cell<usize>>,
}

impl PageSource for Pages {
    fn open(&self) -> Box<dyn Iterator<Item = Result<Arc<Page>, Raised>>> {
        let fetched = Rc::clone(&self.fetched);
        Box::new(self.pages.clone().into_iter().map(move |page| {
            fetched.set(fetched.get() + 1);
            Ok(page)
        }))
    }

    fn name(&self) -> &'static str {
        "accounts"
    }
}

/// An engine with everything that is registered for values.
pub fn engine() -> Rc<Engine> {
    Rc::new_cyclic(|handle| {
        let mut engine = Engine::new();
        engine.set_fast_operators(false);
        record_type::register(&mut engine);
        verbs::register(&mut engine, handle);
        operators::register(&mut engine);
        engine
    })
}

/// A list of accounts, and how many of its pages were fetched so far.
pub fn accounts(pages: &[Value]) -> (List, Rc<Cell<usize>>) {
    let fetched = Rc::new(Cell::new(0));
    let pages = pages.iter().map(|page| {
        let text = json!({ "results": page, "next": null }).to_string();
        Page::parse(text.into_bytes()).expect("it is JSON")
    });
    let source = Pages { pages: pages.collect(), fetched: Rc::clone(&fetched) };
    (List::new(Rc::new(source), Envelope::Results, catalogue::object("account")), fetched)
}

/// One record of an object.
pub fn record(object: &str, fields: &Value) -> Record {
    Record::from_body(fields.to_string().into_bytes(), catalogue::object(object)).expect("it is JSON")
}

/// The value of a script that sees these variables, as JSON.
pub fn eval(variables: &[(&str, Dynamic)], script: &str) -> Value {
    match run(variables, script) {
        Ok(value) => to_json(&value).expect("the value is plain"),
        Err(error) => panic!("{script}\nthrew {error}"),
    }
}

/// The message of the error that a script raises, with its advice on a second line.
pub fn error(variables: &[(&str, Dynamic)], script: &str) -> String {
    match run(variables, script) {
        Ok(value) => panic!("{script}\ngave {value:?}"),
        Err(error) => message(&error),
    }
}

fn message(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => message(inner),
        EvalAltResult::ErrorRuntime(thrown, _) => match thrown.clone().try_cast::<Map>() {
            Some(map) => match map.get("help") {
                Some(help) => format!("{}\n{help}", map["message"]),
                None => map["message"].to_string(),
            },
            None => thrown.to_string(),
        },
        other => other.to_string(),
    }
}

/// Runs a script that sees these variables.
pub fn run(variables: &[(&str, Dynamic)], script: &str) -> Result<Dynamic, Raised> {
    let mut scope = Scope::new();
    for (name, value) in variables {
        scope.push(*name, value.clone());
    }
    engine().eval_with_scope(&mut scope, script)
}
