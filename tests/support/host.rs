//! What a script may reach in tests that run none: nothing.

use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use vitally_script::clock::SystemClock;
use vitally_script::error::Message;
use vitally_script::files::Place;
use vitally_script::gate::{Gate, Mode, Policy};
use vitally_script::mail::Mail;
use vitally_script::script::host::{Host, Keeper, Keeping, Level, Output, Rows, Unable};
use vitally_script::script::patience::Patience;
use vitally_script::script::tenant::Tenant;
use vitally_script::stop::Stop;
use vitally_script::web::Web;

struct Silence;

impl Output for Silence {
    fn progress(&self, _: &Rows) {}

    fn print(&self, _: &str) {}

    fn log(&self, _: Level, _: &str) {}

    fn can_ask(&self) -> bool {
        false
    }

    fn ask(&self, _: &[String], _: &str) -> Option<String> {
        None
    }

    fn width(&self) -> Option<usize> {
        None
    }
}

/// Keeps nothing.
struct Nothing;

impl Keeper for Nothing {
    fn read(&self, _: Keeping, _: &str) -> Result<Option<Value>, Unable> {
        Ok(None)
    }

    fn keys(&self, _: Keeping) -> Result<Vec<String>, Unable> {
        Ok(Vec::new())
    }

    fn keep(&self, _: Keeping, _: &str, _: Option<Value>) -> Result<(), Unable> {
        Ok(())
    }
}

/// A host without a Vitally.
pub fn host() -> Rc<Host> {
    stopping(Stop::new())
}

/// The same, which is stopped by this flag.
pub fn stopping(stop: Stop) -> Rc<Host> {
    let nothing = || Message::new("there is no Vitally here", "run it in the demo tenant");
    Rc::new(Host {
        tenant: Tenant::new("test", Gate::closed(Policy::reading(), nothing())),
        open_profile: Box::new(move |_| Err(nothing())),
        opened: RefCell::default(),
        arguments: BTreeMap::new(),
        yes: false,
        environment: Box::new(|_| None),
        files: Rc::new(Place::new(Path::new("."))),
        output: Rc::new(Silence),
        state: Rc::new(Nothing),
        web: Rc::new(Web::new(Vec::new(), Mode::ReadOnly, Stop::new())),
        mail: Mail::new(None, Mode::ReadOnly, Stop::new()),
        report: RefCell::default(),
        patience: Patience::default(),
        job: RefCell::default(),
        clock: Rc::new(SystemClock),
        timezone: jiff::tz::TimeZone::UTC.into(),
        deliveries: None,
        stop,
    })
}
