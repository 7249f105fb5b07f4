//! A store that fails before or after any step, and mistakes that a poller must not make.

use jiff::Timestamp;
use std::cell::RefCell;
use std::sync::Mutex;
use vitally_script::catalogue::Object;
use vitally_script::hooks::source::{Lists, Page, Prepare, Sort, Source, Take, Trouble, Wanted};
use vitally_script::hooks::way::Way;
use vitally_script::store::StoreError;
use vitally_script::store::hooks::{
    Choice, Delivery, DeliveryEnd, Event, Family, Hook, HookStore, NewHook, Observed, OwnWrite, PollerRow,
    Promoted, Seen, StreamState,
};

/// A mistake, seeded to see that the simulation catches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// None: the program as it is.
    None,
    /// Walks end at the watermark.
    NoOverlap,
    /// Walks end above the watermark.
    Exclusive,
    /// The watermark moves before the walk is over.
    EarlyWatermark,
    /// The watermark is this machine's time.
    OwnClock,
    /// The watermark may lie in Vitally's future.
    NoDateCap,
    /// What a walk found is written down after its watermark.
    CommitAfterWatermark,
    /// Events are written down apart from the records they were told by.
    EventApart,
    /// What was there before the first look fires.
    BaselineFires,
}

impl Bug {
    /// Every mistake.
    pub const ALL: &[Bug] = &[
        Bug::NoOverlap,
        Bug::Exclusive,
        Bug::EarlyWatermark,
        Bug::OwnClock,
        Bug::NoDateCap,
        Bug::CommitAfterWatermark,
        Bug::EventApart,
        Bug::BaselineFires,
    ];
}

/// The source with the mistakes that lie in reading.
pub struct Misread<'a> {
    pub inner: &'a dyn Source,
    pub bug: Bug,
    /// Decides how many pages of a walk are handed over together.
    pub rng: RefCell<fastrand::Rng>,
}

impl Source for Misread<'_> {
    fn lists(&self, object: &'static Object) -> Result<Lists, Trouble> {
        self.inner.lists(object)
    }

    fn page(&self, wanted: &Wanted) -> Result<Page, Trouble> {
        let page = self.inner.page(wanted)?;
        if self.bug != Bug::NoDateCap || wanted.sort == Sort::Created {
            return Ok(page);
        }
        // A record from the future, which the date that is told does not put right.
        let date = page.date + jiff::SignedDuration::from_mins(10);
        Ok(Page { date, ..page })
    }

    /// As if one to three pages had come while others were taken in; those before one that does not come are taken.
    fn walk(&self, wanted: &Wanted, prepare: &Prepare, take: &mut Take) -> Result<(), Trouble> {
        let mut way = Way::default();
        let mut more = true;
        while more {
            let mut pages = Vec::new();
            let mut ended = Ok(());
            for _ in 0..self.rng.borrow_mut().u32(1..=3) {
                match self.page(&Wanted { cursor: way.cursor(), ..wanted.clone() }) {
                    Ok(mut page) => {
                        prepare(&mut page);
                        let next = page.next.clone();
                        pages.push(page);
                        more = way.follow(next)?;
                    }
                    Err(trouble) => ended = Err(trouble),
                }
                if !more || ended.is_err() {
                    break;
                }
            }
            take(pages)?;
            ended?;
        }
        Ok(())
    }
}

/// A store that may fail at every step that writes: before it, or right after it.
pub struct Faulty<'a> {
    pub inner: &'a dyn HookStore,
    pub bug: Bug,
    pub rng: Mutex<fastrand::Rng>,
    pub rate: Mutex<f64>,
    /// What this machine believes the time to be.
    pub own_time: Mutex<Timestamp>,
    late: Mutex<Vec<(i64, Timestamp, Observed)>>,
}

impl<'a> Faulty<'a> {
    pub fn new(inner: &'a dyn HookStore, bug: Bug, seed: u64) -> Faulty<'a> {
        Faulty {
            inner,
            bug,
            rng: Mutex::new(fastrand::Rng::with_seed(seed ^ 0x5EED)),
            rate: Mutex::new(0.015),
            own_time: Mutex::new(Timestamp::UNIX_EPOCH),
            late: Mutex::default(),
        }
    }

    /// What was only in memory is gone.
    pub fn crash(&self) {
        self.late.lock().unwrap().clear();
    }

    fn fails(&self) -> Result<(), StoreError> {
        if self.rng.lock().unwrap().f64() < *self.rate.lock().unwrap() {
            return Err(StoreError::Failed { doing: "write", reason: "the process ended here".into() });
        }
        Ok(())
    }

    fn step<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.fails()?;
        let done = work()?;
        self.fails()?;
        Ok(done)
    }
}

impl HookStore for Faulty<'_> {
    fn family(&self, profile: &str, origin: &str, object: &str) -> Result<Family, StoreError> {
        self.inner.family(profile, origin, object)
    }

    fn stream(&self, family: i64, variant: &str) -> Result<StreamState, StoreError> {
        self.inner.stream(family, variant)
    }

    fn set_baseline(&self, family: i64, at: Timestamp) -> Result<(), StoreError> {
        let at = if self.bug == Bug::BaselineFires { Timestamp::UNIX_EPOCH } else { at };
        self.step(|| self.inner.set_baseline(family, at))
    }

    fn seen(&self, family: i64, ids: &[String]) -> Result<Vec<Seen>, StoreError> {
        self.inner.seen(family, ids)
    }

    fn own_writes(&self, family: i64, ids: &[String]) -> Result<Vec<OwnWrite>, StoreError> {
        self.inner.own_writes(family, ids)
    }

    fn observe(&self, stream: i64, noticed: Timestamp, observed: Observed) -> Result<(), StoreError> {
        match self.bug {
            Bug::CommitAfterWatermark => {
                self.late.lock().unwrap().push((stream, noticed, observed));
                Ok(())
            }
            Bug::EventApart => {
                let records = Observed { events: Vec::new(), ..observed.clone() };
                self.step(|| self.inner.observe(stream, noticed, records))?;
                let events = Observed { seen: Vec::new(), late: 0, ..observed };
                self.step(|| self.inner.observe(stream, noticed, events))
            }
            Bug::EarlyWatermark => {
                let newest = observed.seen.iter().map(|seen| seen.updated).max();
                if let Some(newest) = newest.filter(|newest| *newest <= noticed) {
                    self.inner.walked(stream, newest, noticed, 0)?;
                }
                self.step(|| self.inner.observe(stream, noticed, observed))
            }
            _ => self.step(|| self.inner.observe(stream, noticed, observed)),
        }
    }

    fn lessons(&self) -> u64 {
        self.inner.lessons()
    }

    fn walked(
        &self,
        stream: i64,
        watermark: Timestamp,
        polled: Timestamp,
        unread: u64,
    ) -> Result<(), StoreError> {
        let watermark = match self.bug {
            Bug::OwnClock => *self.own_time.lock().unwrap(),
            Bug::NoDateCap => polled,
            _ => watermark,
        };
        self.step(|| self.inner.walked(stream, watermark, polled, unread))?;
        for (stream, noticed, observed) in self.late.lock().unwrap().drain(..) {
            self.step(|| self.inner.observe(stream, noticed, observed))?;
        }
        Ok(())
    }

    fn promote(&self, family: i64, brake: Option<u64>) -> Result<Promoted, StoreError> {
        self.step(|| self.inner.promote(family, brake))
    }

    fn swept(&self, family: i64, at: Timestamp, backfilled: &[i64]) -> Result<(), StoreError> {
        self.step(|| self.inner.swept(family, at, backfilled))
    }

    fn troubled(&self, family: i64, trouble: Option<(&str, Timestamp)>) -> Result<(), StoreError> {
        self.step(|| self.inner.troubled(family, trouble))
    }

    fn forget(&self, family: i64, before: Timestamp) -> Result<(), StoreError> {
        self.step(|| self.inner.forget(family, before))
    }

    fn register(&self, script: &str, hooks: &[NewHook], gone: &[String]) -> Result<(), StoreError> {
        self.inner.register(script, hooks, gone)
    }

    fn start_hooks(&self, family: i64, at: Timestamp) -> Result<(), StoreError> {
        self.step(|| self.inner.start_hooks(family, at))
    }

    fn hooks(&self, family: i64) -> Result<Vec<Hook>, StoreError> {
        self.inner.hooks(family)
    }

    fn hook_scripts(&self) -> Result<Vec<String>, StoreError> {
        self.inner.hook_scripts()
    }

    fn recover(&self, boot: &str) -> Result<u64, StoreError> {
        self.inner.recover(boot)
    }

    fn due(&self, hooks: &[i64], now: Timestamp, most: usize) -> Result<Vec<Delivery>, StoreError> {
        self.inner.due(hooks, now, most)
    }

    fn next_due(&self, hooks: &[i64]) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(hooks)
    }

    fn claim(&self, delivery: i64, boot: &str) -> Result<bool, StoreError> {
        self.step(|| self.inner.claim(delivery, boot))
    }

    fn delivery_run(&self, delivery: i64, run: &str) -> Result<(), StoreError> {
        self.inner.delivery_run(delivery, run)
    }

    fn settle_delivery(&self, delivery: i64, end: &DeliveryEnd) -> Result<(), StoreError> {
        self.step(|| self.inner.settle_delivery(delivery, end))
    }

    fn wrote(&self, profile: &str, origin: &str, writes: &[(String, OwnWrite)]) -> Result<(), StoreError> {
        self.inner.wrote(profile, origin, writes)
    }

    fn deliveries(&self, choice: &Choice) -> Result<Vec<Delivery>, StoreError> {
        self.inner.deliveries(choice)
    }

    fn last_event(&self) -> Result<i64, StoreError> {
        self.inner.last_event()
    }

    fn events_after(&self, number: i64, triggers: &[String], most: usize) -> Result<Vec<Event>, StoreError> {
        self.inner.events_after(number, triggers, most)
    }

    fn release(&self, choice: &Choice) -> Result<u64, StoreError> {
        self.inner.release(choice)
    }

    fn replay(&self, choice: &Choice) -> Result<u64, StoreError> {
        self.inner.replay(choice)
    }

    fn discard(&self, choice: &Choice) -> Result<u64, StoreError> {
        self.inner.discard(choice)
    }

    fn pollers(&self) -> Result<Vec<PollerRow>, StoreError> {
        self.inner.pollers()
    }
}
