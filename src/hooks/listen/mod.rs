//! Listens for the hooks of a script: starts a thread for every object, hands out what they find, and tells a person
//! what they should know.

mod begin;
mod news;

use super::board::Board;
use super::dispatch::{Dispatcher, Handled};
use super::own;
use super::requests;
use super::rules::Rules;
use super::source::{Source, Trouble};
use super::watcher::CEILING;
use super::words::Words;
use crate::error::{Error, Message};
use crate::pulse::Pulse;
use crate::report;
use crate::script::hooks::{End, Happening};
use crate::stop::{Reason, Stop};
use crate::store::StoreError;
use crate::store::hooks::{Delivery, DeliveryState, Hook, HookStore};
use begin::PREVIEW;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often to look if a hook does not say.
pub const EVERY: Duration = Duration::from_secs(30);
/// How long one wait is at most.
const LOOK: Duration = Duration::from_millis(800);
/// How often it is looked at most what other commands wish. Together with [`LOOK`] that is less than the second they promise.
const WISHES: Duration = Duration::from_millis(150);
/// How often the store is asked without news: what another script of this process was asked for may be about ours.
const IDLE: Duration = Duration::from_secs(2);

/// Opens the store when somebody listens.
pub type OpenStore = Box<dyn Fn() -> Result<Arc<dyn HookStore>, StoreError> + Send>;

/// What to listen to and how.
#[allow(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
pub struct Options {
    /// The profile's name.
    pub profile: String,
    /// The origin that is asked.
    pub origin: String,
    /// Look once, handle what is due, and leave.
    pub once: bool,
    /// Happenings of so long ago are wanted, too.
    pub since: Option<SignedDuration>,
    /// Nothing is noted as handled: it only shows what would be done.
    pub preview: bool,
    /// Its hooks are forgotten when it ends: they were typed, and nobody goes on with them.
    pub passing: bool,
    /// Whether a person can be asked.
    pub can_ask: bool,
    /// The figures.
    pub rules: Rules,
    /// The state folder, where other commands leave their wishes.
    pub home: PathBuf,
}

/// Listens for the hooks of a script.
pub struct Listener {
    options: Options,
    open: OpenStore,
    source: Arc<dyn Source + Send + Sync>,
    words: Arc<dyn Words>,
    stop: Stop,
    /// The wish that the threads stop; their requests look at it, too.
    rest: Stop,
    board: Arc<Board>,
    threads: Vec<JoinHandle<()>>,
    kept: Option<Kept>,
    /// Deliveries that were handed out, by their number.
    out: HashMap<i64, Delivery>,
    /// What a preview has shown.
    shown: HashSet<i64>,
    /// Nothing is due before, unless there are news: the store need not be asked.
    idle_until: Option<Instant>,
    /// Nothing is handed out before: the key is not accepted, or the like.
    quiet_until: Option<Instant>,
    /// When to look what other commands wish.
    wishes: Pulse,
    failed: u64,
}

/// What there is once somebody listens.
struct Kept {
    store: Arc<dyn HookStore>,
    dispatcher: Dispatcher,
    hooks: Vec<Hook>,
}

impl Listener {
    /// Nothing happens before a script has hooks. `rest` is the wish that the source's own requests look at.
    pub fn new(
        options: Options,
        open: OpenStore,
        source: Arc<dyn Source + Send + Sync>,
        words: Arc<dyn Words>,
        (stop, rest): (Stop, Stop),
    ) -> Listener {
        Listener {
            options,
            open,
            source,
            words,
            stop,
            rest,
            board: Arc::default(),
            threads: Vec::new(),
            kept: None,
            out: HashMap::new(),
            shown: HashSet::new(),
            idle_until: None,
            quiet_until: None,
            wishes: Pulse::new(WISHES),
            failed: 0,
        }
    }

    /// How many events are dead since it began.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Ends the threads; what they were doing is done whole or not at all.
    pub fn close(&mut self) {
        self.rest.set(Reason::Interrupted);
        for thread in self.threads.drain(..) {
            // A thread that panicked has told so.
            let _ = thread.join();
        }
        if let Some(kept) = self.kept.take()
            && (self.options.preview || self.options.passing)
        {
            let script = kept.hooks.first().map(|hook| hook.script.clone()).unwrap_or_default();
            if script.ends_with(PREVIEW) || self.options.passing {
                // A preview leaves no hook behind; if it cannot be taken back, it collects and is never handled.
                let _ = kept.store.register(&script, &[], &[]);
            }
        }
    }

    fn kept(&self) -> Result<&Kept, Error> {
        self.kept
            .as_ref()
            .ok_or_else(|| Error::Refused(Message::new("nobody listens", "run the script again")))
    }

    /// The next delivery that is to be handled, if one is due.
    fn take(&mut self) -> Result<Option<Delivery>, Error> {
        if self.quiet_until.is_some_and(|until| Instant::now() < until) {
            return Ok(None);
        }
        let Some(kept) = &mut self.kept else { return Ok(None) };
        if self.options.preview {
            let numbers: Vec<i64> = kept.hooks.iter().map(|hook| hook.number).collect();
            let due = kept.store.due(&numbers, Timestamp::now(), self.shown.len() + 1)?;
            let fresh = due.into_iter().find(|delivery| !self.shown.contains(&delivery.number));
            self.shown.extend(fresh.iter().map(|delivery| delivery.number));
            return Ok(fresh);
        }
        while let Some(delivery) = kept.dispatcher.next(&*kept.store, Timestamp::now()).map_err(as_error)? {
            let record = std::slice::from_ref(&delivery.event.record);
            let writes = kept.store.own_writes(delivery.hook.family, record)?;
            if delivery.hook.own || !own::is_own(&delivery, &writes) {
                return Ok(Some(delivery));
            }
            let ended = kept.dispatcher.ended(&*kept.store, &delivery, Handled::NotWanted, Timestamp::now());
            ended.map_err(as_error)?;
        }
        Ok(None)
    }

    fn handed_out(&mut self, delivery: Delivery) -> Result<Happening, Error> {
        let place = self.kept()?.hooks.iter().position(|hook| hook.number == delivery.hook.number);
        let event = &delivery.event;
        let happening = Happening {
            number: delivery.number,
            hook: place.unwrap_or(usize::MAX),
            key: event.key.clone(),
            at: event.at,
            attempt: delivery.attempts.max(1),
            changed: event.changed.clone(),
            before: event.before.clone(),
            record: event.payload.clone(),
            noticed: event.noticed,
            runs: delivery.runs.clone(),
        };
        self.out.insert(delivery.number, delivery);
        Ok(happening)
    }

    /// How long nothing is due.
    fn patience(&self) -> Result<Duration, Error> {
        let kept = self.kept()?;
        let due = kept.dispatcher.next_due(&*kept.store).map_err(as_error)?;
        let until = due.map(|due| due.duration_since(Timestamp::now()).unsigned_abs());
        Ok(until.unwrap_or(IDLE).min(IDLE))
    }
}

/// What is found at a look.
pub enum Look {
    /// Something happened.
    Event(Box<Happening>),
    /// Nothing yet; it is worth looking again after so long.
    Nothing(Duration),
    /// There will be nothing more.
    Over,
}

impl Listener {
    /// The next event, if there is one.
    pub fn look(&mut self) -> Result<Look, Error> {
        let is_news = self.tell_news()?;
        if self.stop.is_set() {
            return Ok(Look::Over);
        }
        let is_asked = self.wishes.beats(Instant::now())
            && requests::carry_out(&self.options.home, &*self.kept()?.store)?;
        if is_news || is_asked {
            self.idle_until = None;
        }
        let (over, trouble) = self.all_over();
        let idle = self.idle_until.map(|until| until.saturating_duration_since(Instant::now()));
        if let Some(idle) = idle.filter(|idle| !over && !idle.is_zero()) {
            return Ok(Look::Nothing(idle.min(LOOK)));
        }
        // Whoever looks once handles what that look found, so it is waited for.
        if !self.options.once || over {
            if let Some(delivery) = self.take()? {
                return Ok(Look::Event(Box::new(self.handed_out(delivery)?)));
            }
            if over {
                return trouble.map_or(Ok(Look::Over), |trouble| Err(as_error(trouble)));
            }
        }
        let patience = self.patience()?;
        self.idle_until = Some(Instant::now() + patience);
        Ok(Look::Nothing(patience.min(LOOK)))
    }

    /// From now on a wait ends at this wish, too.
    pub fn wakes_at(&self, wish: &Stop) {
        wish.rings_for(&self.board, Board::ring);
    }

    /// Waits for news or a wish to end, but not longer than this.
    pub fn wait(&self, most: Duration) {
        self.board.wait(most);
    }

    /// Notes how an event was handled.
    pub fn ended(&mut self, happening: &Happening, end: End) -> Result<(), Error> {
        let Some(delivery) = self.out.remove(&happening.number) else { return Ok(()) };
        self.idle_until = None;
        if self.options.preview {
            if let End::Failed { error, .. } = &end {
                self.words.report(error);
            }
            return Ok(());
        }
        let handled = match end {
            End::Done => Handled::Done,
            End::NotWanted => Handled::NotWanted,
            End::Stopped => Handled::PutBack { wait: SignedDuration::ZERO },
            End::Failed { error, healing } => {
                self.words.report(&error);
                let (kind, message) = report::kind_and_message(&error);
                if kind == "unauthorized" {
                    // It is not the event's fault, and the next one would fare no better.
                    self.quiet_until = Some(Instant::now() + CEILING);
                    Handled::PutBack {
                        wait: SignedDuration::try_from(CEILING).unwrap_or(SignedDuration::ZERO),
                    }
                } else if healing {
                    Handled::Failed { kind, message }
                } else {
                    Handled::Hopeless { kind, message }
                }
            }
        };
        let kept = self.kept()?;
        let state =
            kept.dispatcher.ended(&*kept.store, &delivery, handled, Timestamp::now()).map_err(as_error)?;
        let key = &delivery.event.key;
        match state {
            DeliveryState::Dead => {
                self.failed += 1;
                self.words.warn(&format!(
                    "{key} will not be tried again by itself; when the reason is gone: vitally-script events replay \"{key}\""
                ));
            }
            DeliveryState::Retry => self.words.say(&format!("{key} is tried again later")),
            _ => {}
        }
        Ok(())
    }
}

/// A trouble as the end of a command.
pub fn as_error(trouble: Trouble) -> Error {
    match trouble.failure {
        Some(failure) => Error::Api(failure),
        None => Error::Refused(Message::new(
            trouble.message,
            "run it again; nothing is lost, it goes on where it was",
        )),
    }
}
