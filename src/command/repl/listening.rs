//! The thread that listens for the hooks of a dialogue while a person types, and has the dialogue handle what it hears.

use super::super::console::Console;
use super::super::ending;
use crate::gate::{Counts, Mode, Tally};
use crate::hooks::listen::{Listener, Look};
use crate::script::dialogue::{Line, Through};
use crate::script::hooks::{End, Happening, HookSpec};
use crate::stop::{Reason, Stop};
use std::collections::VecDeque;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often whoever waits for the person looks whether to stop.
const LOOK: Duration = Duration::from_millis(200);

/// An event that is handled when the person can be asked.
pub struct Waiting {
    hook: String,
    happening: Happening,
    tell: Sender<End>,
}

/// Events that wait for the person.
pub type Queue = Arc<Mutex<VecDeque<Waiting>>>;

/// Listens until it is dropped.
pub struct Listening {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    queue: Queue,
    ear: Ear,
}

/// What the thread needs to have an event handled, and to tell of it.
#[derive(Clone)]
pub struct Ear {
    /// The dialogue.
    pub line: Line,
    /// Where it is told.
    pub console: Arc<Console>,
    /// What the changes of typed code are counted in, also those that events of a dry run collect.
    pub typed: Tally,
    /// What the changes of other events are counted in.
    pub events: Tally,
    /// What happens to changes.
    pub mode: Mode,
    /// The time of day.
    pub time: Arc<dyn Fn() -> String + Send + Sync>,
}

impl Listening {
    /// Begins to listen for these hooks; `stop` is the listener's own.
    pub fn begin(mut listener: Listener, stop: Stop, specs: Vec<HookSpec>, ear: Ear) -> Listening {
        let queue = Queue::default();
        let (waiting, heard, told) = (Arc::clone(&queue), ear.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            if let Err(error) = listen(&mut listener, &specs, &heard, &waiting, &told) {
                heard.console.report(&error);
                heard.console.say("no longer listening; :listen on begins again");
            }
            listener.close();
            told.set(Reason::Interrupted);
        });
        Listening { stop, thread: Some(thread), queue, ear }
    }

    /// Whether it still listens.
    pub fn is_on(&self) -> bool {
        !self.stop.is_set()
    }

    /// Handles the events that wait for the person, who can be asked now.
    pub fn handle_waiting(&self) {
        loop {
            let next = self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(Waiting { hook, happening, tell }) = next else { return };
            // The listener is gone, or waits.
            let _ = tell.send(self.ear.handled(&hook, happening));
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.set(Reason::Interrupted);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so.
            let _ = thread.join();
        }
    }
}

fn listen(
    listener: &mut Listener,
    specs: &[HookSpec],
    ear: &Ear,
    queue: &Queue,
    stop: &Stop,
) -> Result<(), crate::error::Error> {
    listener.listen("repl", specs)?;
    listener.wakes_at(stop);
    loop {
        let happening = match listener.look()? {
            Look::Event(happening) => *happening,
            Look::Nothing(patience) => {
                listener.wait(patience);
                continue;
            }
            Look::Over => return Ok(()),
        };
        let Some(spec) = specs.get(happening.hook) else { continue };
        let end = if ear.mode == Mode::Confirm {
            ear.later(spec, &happening, queue, stop)
        } else {
            ear.handled(&spec.name, happening.clone())
        };
        listener.ended(&happening, end)?;
    }
}

impl Ear {
    /// Has an event handled now, and tells what came of it.
    fn handled(&self, hook: &str, happening: Happening) -> End {
        let (name, counts) =
            (hook.to_string(), if self.mode == Mode::DryRun { &self.typed } else { &self.events });
        let (counts, about) = (counts.clone(), self.about(hook, &happening));
        let handled = self.line.with(move |dialogue| {
            counts.note(|counts| *counts = Counts::default());
            let end = dialogue.handle(&name, &happening, Through::Own);
            (end, counts.counts())
        });
        let Some((end, counts)) = handled else { return End::Stopped };
        let told = match &end {
            End::NotWanted => return end,
            End::Done => changes(&counts),
            End::Stopped => "stopped; it is handled again".into(),
            End::Failed { .. } => "failed:".into(),
        };
        self.console.say(&format!("{about} · {told}"));
        end
    }

    /// Leaves an event to the person, and waits until it is handled.
    fn later(&self, spec: &HookSpec, happening: &Happening, queue: &Queue, stop: &Stop) -> End {
        let (tell, told) = mpsc::channel();
        let waiting = Waiting { hook: spec.name.clone(), happening: happening.clone(), tell };
        queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(waiting);
        self.console.say(&format!("{} · waits for you: press Enter", self.about(&spec.name, happening)));
        loop {
            match told.recv_timeout(LOOK) {
                Ok(end) => return end,
                Err(RecvTimeoutError::Timeout) if !stop.is_set() => {}
                Err(_) => return End::Stopped,
            }
        }
    }

    /// When, what and which record.
    fn about(&self, hook: &str, happening: &Happening) -> String {
        let record = &happening.record;
        let name =
            ["name", "subject", "email", "externalId", "id"].iter().find_map(|key| record[*key].as_str());
        crate::report::harmless(&format!("{} {hook}  {}", (self.time)(), name.unwrap_or_default()))
    }
}

/// What an event has changed.
fn changes(counts: &Counts) -> String {
    let parts = [ending::summary(&counts.planned, "to be "), ending::summary(&counts.applied, "")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if !counts.planned.is_empty() {
        return format!("collected, not sent: {}", parts.join("; "));
    }
    if parts.is_empty() { "done".into() } else { parts.join("; ") }
}
