//! What tests ask of the outside: a tenant of their own, its time, and runs of the script under test in it.

use crate::catalogue::{Effect, Object, Trigger};
use crate::error::{Error, Message};
use crate::gate::Fields;
use crate::script::Script;
use crate::script::hooks::Feed;
use crate::script::host::Host;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// One run of a script under test.
pub trait Visit {
    /// What the script may reach.
    fn host(&self) -> Rc<Host>;
    /// What hands its hooks what has happened by now, and then ends.
    fn feed(&self) -> Result<Box<dyn Feed>, Error>;
    /// What it printed and said since the last time, as two texts.
    fn said(&self) -> (String, String);
}

/// The tenant of one test, and everything else a script could reach.
pub trait Stage {
    /// The script under test: the one that a path names, or the one that the file of tests is named after.
    fn script(&self, path: Option<&str>) -> Result<Script, Message>;
    /// Begins a run of a script.
    fn visit(&self, script: &Script, arguments: BTreeMap<String, String>) -> Result<Rc<dyn Visit>, Error>;
    /// When a script that has a schedule runs next.
    fn next_tick(&self, script: &Script) -> Option<Timestamp>;
    /// The kind of an error, and what it says.
    fn words(&self, error: &Error) -> (String, Message);

    /// Makes a record, as somebody else would who uses the tenant; what a record must have and is not given is made
    /// up. Fields that Vitally works out by itself may be given, too.
    fn make(&self, object: &'static Object, fields: Fields) -> Result<Value, Message>;
    /// Changes a record in the same way.
    fn change(&self, object: &'static Object, id: &str, fields: Fields) -> Result<Value, Message>;
    /// Makes that happen to a record which a trigger tells about; `fields` change with it.
    fn happen(
        &self,
        object: &'static Object,
        trigger: &'static Trigger,
        id: &str,
        fields: Fields,
    ) -> Result<Value, Message>;
    /// The records that scripts under test have created, updated or deleted: as they are now, or were.
    fn changes(&self, effect: Effect) -> Result<Vec<(&'static Object, Value)>, Message>;
    /// What scripts under test have sent elsewhere.
    fn sent(&self) -> Vec<Value>;
    /// What a service answers from now on: an address, or its beginning.
    fn answer(&self, url: &str, status: u16, body: &str);
    /// What the person says who is asked next, after what was said so before.
    fn answer_next(&self, text: &str);
    /// Sets a variable of the environment, which is empty.
    fn set_variable(&self, name: &str, value: &str);

    /// The tenant's time.
    fn now(&self) -> Timestamp;
    /// Stops the tenant's clock at a moment.
    fn set_now(&self, now: Timestamp);
    /// Begins anew with a tenant of so many accounts.
    fn fill(&self, accounts: usize, seed: u64) -> Result<(), Message>;
    /// Lets the next requests with a verb, and a path that begins so, fail with a status.
    fn fail(&self, method: &str, path: Option<&str>, status: u16, times: u32);
}
