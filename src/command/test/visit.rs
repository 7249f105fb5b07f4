//! One run of a script in the tenant of a test.

use crate::cli::Listening;
use crate::command::console::Console;
use crate::command::ear::Ear;
use crate::command::session::Session;
use crate::error::Error;
use crate::hooks::words::Words;
use crate::script::hooks::{End, Feed, Happening, HookSpec};
use crate::script::host::Host;
use crate::script::testing::Visit;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// One run of a script in the tenant of a test.
pub struct TestVisit {
    /// Its connection.
    pub session: Session,
    /// What it may reach.
    pub host: Rc<Host>,
    /// Where its words are kept.
    pub console: Arc<Console>,
    /// Everything that was printed and said in the test, by whoever.
    pub transcript: Rc<RefCell<String>>,
}

impl Visit for TestVisit {
    fn host(&self) -> Rc<Host> {
        Rc::clone(&self.host)
    }

    fn feed(&self) -> Result<Box<dyn Feed>, Error> {
        let once = Listening { once: true, ..Listening::default() };
        Ok(Box::new(Attentive(self.session.feed_telling(&once, Arc::new(Mute)))))
    }

    fn said(&self) -> (String, String) {
        let kept = self.console.take_kept();
        self.transcript.borrow_mut().extend([kept.printed.as_str(), kept.said.as_str()]);
        (kept.printed, kept.said)
    }
}

/// A voice that says nothing: what goes wrong with a hook is thrown in the test.
struct Mute;

impl Words for Mute {
    fn say(&self, _: &str) {}

    fn warn(&self, _: &str) {}

    fn detail(&self, _: &str) {}

    fn report(&self, _: &Error) {}

    fn ask(&self, _: &str) -> bool {
        true
    }
}

/// An ear that is closed when nobody listens any more.
struct Attentive(Ear);

impl Feed for Attentive {
    fn listen(&mut self, script: &str, hooks: &[HookSpec]) -> Result<(), Error> {
        self.0.listen(script, hooks)
    }

    fn next(&mut self) -> Result<Option<Happening>, Error> {
        self.0.next()
    }

    fn ended(&mut self, happening: &Happening, end: End) -> Result<(), Error> {
        self.0.ended(happening, end)
    }
}

impl Drop for Attentive {
    fn drop(&mut self) {
        self.0.close();
    }
}
