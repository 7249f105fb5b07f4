//! One run of a script in the tenant of a test.

use crate::cli::Listening;
use crate::command::console::Console;
use crate::command::session::Session;
use crate::error::Error;
use crate::hooks::listen::{Listener, Look};
use crate::hooks::words::Words;
use crate::script::hooks::{Call, End, Feed, Wanted};
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
        let listener = self.session.listener(&once, Arc::new(Mute)).map_err(Error::Login)?;
        Ok(Box::new(Attentive { listener, hears: false }))
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

/// Hands over what has happened, and is closed when nobody listens any more.
struct Attentive {
    listener: Listener,
    hears: bool,
}

impl Feed for Attentive {
    fn listen(&mut self, script: &str, wanted: &Wanted) -> Result<(), Error> {
        self.hears = !wanted.hooks.is_empty();
        if self.hears { self.listener.listen(script, &wanted.hooks) } else { Ok(()) }
    }

    fn next(&mut self) -> Result<Option<Call>, Error> {
        while self.hears {
            match self.listener.look()? {
                Look::Event(event) => return Ok(Some(Call::Event(event))),
                Look::Nothing(patience) => self.listener.wait(patience),
                Look::Over => break,
            }
        }
        Ok(None)
    }

    fn ended(&mut self, call: &Call, end: End) -> Result<(), Error> {
        match call {
            Call::Event(event) => self.listener.ended(event, end),
            Call::Tick(_) => Ok(()),
        }
    }
}

impl Drop for Attentive {
    fn drop(&mut self) {
        self.listener.close();
    }
}
