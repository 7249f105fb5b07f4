//! Listens for the hooks of a script: starts a thread for every object, hands out what they find, and tells a person
//! what they should know.

use super::board::{Board, News};
use super::dispatch::{Dispatcher, Handled};
use super::own;
use super::requests;
use super::rules::Rules;
use super::source::{Source, Trouble, TroubleKind};
use super::watcher::{CEILING, Watcher};
use super::words::{Words, held_words, listening, plural_of};
use crate::error::{Error, Message};
use crate::report;
use crate::script::hooks::{End, Happening, HookSpec};
use crate::stop::{Reason, Stop};
use crate::store::StoreError;
use crate::store::hooks::{Choice, Delivery, DeliveryState, Hook, HookStore, NewHook};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often to look if a hook does not say.
pub const EVERY: Duration = Duration::from_secs(30);
/// How often whoever waits looks whether to stop.
const LOOK: Duration = Duration::from_millis(200);
/// How often the store is asked without news: what another script of this process was asked for may be about ours.
const IDLE: Duration = Duration::from_secs(2);
/// After so many intervals without success a person is told.
const PATIENCE: u32 = 3;

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

    /// Notes the hooks and answers them as they are kept, in the order of the script.
    fn register(
        &self,
        store: &dyn HookStore,
        script: &str,
        specs: &[HookSpec],
    ) -> Result<Vec<Hook>, StoreError> {
        let Options { profile, origin, since, preview, .. } = &self.options;
        let family = |spec: &HookSpec| store.family(profile, origin, spec.object.name);
        let since = since.map(|since| Timestamp::now() - since);
        let as_kept = |script: &str| -> Result<Vec<Option<Hook>>, StoreError> {
            specs
                .iter()
                .map(|spec| {
                    let hooks = store.hooks(family(spec)?.number)?;
                    let is = |hook: &Hook| hook.active && hook.script == script && hook.name == spec.name;
                    Ok(hooks.into_iter().find(is))
                })
                .collect()
        };
        let mut script = script.to_string();
        if *preview {
            // Hooks that are known are shown what waits for them; others are looked for under another name.
            let known = as_kept(&script)?;
            if known.iter().all(Option::is_some) {
                return Ok(known.into_iter().flatten().collect());
            }
            script.push_str(PREVIEW);
        }
        let new: Vec<NewHook> = specs
            .iter()
            .map(|spec| {
                Ok(NewHook {
                    family: family(spec)?.number,
                    script: script.clone(),
                    name: spec.name.clone(),
                    trigger: spec.trigger.name,
                    own: spec.own_changes,
                    backfill: since.or(spec.backfill),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let gone = store.hook_scripts()?.into_iter().filter(|name| is_gone(name)).collect::<Vec<_>>();
        store.register(&script, &new, &gone)?;
        Ok(as_kept(&script)?.into_iter().flatten().collect())
    }

    fn start_threads(&mut self, store: &Arc<dyn HookStore>, specs: &[HookSpec]) -> Result<(), Error> {
        let mut objects: BTreeMap<&str, (&HookSpec, Duration)> = BTreeMap::new();
        for spec in specs {
            let every = spec.every.unwrap_or(EVERY);
            let entry = objects.entry(spec.object.name).or_insert((spec, every));
            entry.1 = entry.1.min(every);
        }
        for (name, (spec, every)) in objects {
            let family = store.family(&self.options.profile, &self.options.origin, name)?;
            let backfill =
                store.hooks(family.number)?.iter().any(|hook| hook.active && hook.backfill.is_some());
            self.board.begin(spec.object.name, every);
            let watcher = Watcher {
                source: Arc::clone(&self.source),
                store: Arc::clone(store),
                rules: self.options.rules.clone(),
                object: spec.object,
                family,
                extra: Vec::new(),
                every,
                once: self.options.once,
                backfill,
                stop: self.rest.clone(),
                board: Arc::clone(&self.board),
            };
            let thread = std::thread::Builder::new().name(format!("poll {name}"));
            let started = thread.spawn(move || watcher.watch()).map_err(|cause| {
                Error::usage(
                    format!("the system gave no thread to listen on: {cause}"),
                    "close other programs",
                )
            })?;
            self.threads.push(started);
        }
        Ok(())
    }

    /// Tells what the threads told; answers whether that was anything.
    fn tell_news(&mut self) -> Result<bool, Error> {
        let news = std::mem::take(&mut self.board.state().news);
        let is_any = !news.is_empty();
        for news in news {
            match news {
                News::Round(object, round) => {
                    if let Some(notice) = &round.notice {
                        self.words.warn(&format!("{notice}; everything was walked instead"));
                    }
                    if round.baseline {
                        self.words.say(&format!(
                            "{}: looked at how things stand; what happens from now on is handled",
                            plural_of(object)
                        ));
                    }
                    if round.promoted.held > 0 {
                        self.held(object, round.promoted.held)?;
                    }
                }
                News::Failed(object, trouble) => {
                    let line = format!("{} could not be read: {}", plural_of(object), trouble.message);
                    if trouble.kind == TroubleKind::Login {
                        self.words.warn(&line);
                    } else {
                        self.words.detail(&line);
                    }
                }
            }
        }
        self.watch_over();
        Ok(is_any)
    }

    /// Too many at once: a person decides.
    fn held(&self, object: &str, count: u64) -> Result<(), Error> {
        let brake = self.options.rules.brake.unwrap_or_default();
        let line = held_words(object, count, brake);
        if self.options.can_ask && self.words.ask(&format!("{line}. Handle them all?")) {
            let choice = Choice { states: vec![DeliveryState::Held], ..Choice::default() };
            self.kept()?.store.release(&choice)?;
            return Ok(());
        }
        self.words.warn(&format!("{line}; they are held until: vitally-script events release"));
        Ok(())
    }

    /// Reports pollers that have not got on for long, and that they get on again.
    fn watch_over(&self) {
        for (object, standing) in &mut self.board.state().pollers {
            let silent = standing.well.elapsed();
            let late = silent > standing.every.saturating_mul(PATIENCE).max(Duration::from_secs(1));
            match (&standing.trouble, standing.told) {
                (Some(trouble), false) if late => {
                    standing.told = true;
                    self.words.warn(&format!(
                        "{} have not been read for {} s: {}. It goes on trying",
                        plural_of(object),
                        silent.as_secs(),
                        trouble.message
                    ));
                }
                (None, true) => {
                    standing.told = false;
                    self.words.say(&format!("{} are read again", plural_of(object)));
                }
                _ => {}
            }
        }
    }

    /// Whether every thread has ended, and the trouble of one that failed.
    fn all_over(&self) -> (bool, Option<Trouble>) {
        let state = self.board.state();
        let over = state.pollers.values().all(|standing| standing.over);
        (over, state.pollers.values().find_map(|standing| standing.trouble.clone()))
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

/// What the name of a script ends with while its hooks are only previewed.
const PREVIEW: &str = " (preview)";

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
    /// Begins to listen for these hooks, from the script of this name.
    pub fn listen(&mut self, script: &str, specs: &[HookSpec]) -> Result<(), Error> {
        let store = (self.open)()?;
        requests::carry_out(&self.options.home, &*store)?;
        if self.options.passing {
            // A crash may have left some: nothing is gone on with.
            store.register(script, &[], &[])?;
        }
        let hooks = self.register(&*store, script, specs)?;
        let numbers = hooks.iter().map(|hook| hook.number).collect();
        let boot = format!("{}-{:016x}", std::process::id(), fastrand::u64(..));
        let dispatcher = Dispatcher::new(&*store, boot, numbers).map_err(as_error)?;
        for line in listening(specs, &hooks, self.options.once) {
            if !self.options.passing {
                self.words.say(&line);
            }
        }
        self.start_threads(&store, specs)?;
        self.kept = Some(Kept { store, dispatcher, hooks });
        Ok(())
    }

    /// The next event, if there is one.
    pub fn look(&mut self) -> Result<Look, Error> {
        let is_news = self.tell_news()?;
        if self.stop.is_set() {
            return Ok(Look::Over);
        }
        let is_asked = requests::carry_out(&self.options.home, &*self.kept()?.store)?;
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

    /// Waits for news, but not longer than this.
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

/// A script's file that is no longer there; what was never a file is not gone.
fn is_gone(script: &str) -> bool {
    let path = std::path::Path::new(script);
    path.extension().is_some_and(|extension| extension == "rhai") && !path.exists()
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
