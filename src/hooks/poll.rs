//! Walks the lists of one object so that nothing is missed: the watermark moves only after a whole walk, never past
//! Vitally's own time, and every walk goes some way below it. `docs/reliability.md` says why that is enough.

use super::detect::{self, Look, Record};
use super::listed::Listed;
use super::rules::Rules;
use super::source::{Page, Purpose, Sort, Source, Trouble, TroubleKind, Wanted};
use super::stream::Stream;
use super::sweep::Sweep;
use super::way::Way;
use crate::catalogue::{Object, Trigger};
use crate::hash;
use crate::store::hooks::{Family, HookStore, Observed, Promoted, Seen, StreamState};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// The poller of one object of one tenant.
pub struct Poller<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) store: &'a dyn HookStore,
    pub(super) rules: Rules,
    pub(super) object: &'static Object,
    pub(super) family: Family,
    /// Triggers that somebody listens to without a hook.
    extra: Vec<&'static Trigger>,
    pub(super) streams: Vec<Stream>,
    pub(super) sweep: Option<Sweep>,
    /// When a list out of order was last made up for by a sweep.
    disorder: Option<Timestamp>,
    /// By list, the page at its top that was last taken in: the same page has nothing more to teach.
    tops: HashMap<String, Top>,
}

/// What one round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// What became of the deliveries it found.
    pub promoted: Promoted,
    /// Whether it was the first: it only looked how things stand.
    pub baseline: bool,
    /// Pages that were read.
    pub pages: u64,
    /// What a person should know about it.
    pub notice: Option<String>,
}

impl<'a> Poller<'a> {
    /// The poller of an object, where it was left. `extra` are triggers to look for beside those of hooks.
    pub fn new(
        source: &'a dyn Source,
        store: &'a dyn HookStore,
        rules: Rules,
        object: &'static Object,
        family: Family,
        extra: Vec<&'static Trigger>,
    ) -> Poller<'a> {
        let (streams, sweep, disorder, tops) = (Vec::new(), None, None, HashMap::new());
        Poller { source, store, rules, object, family, extra, streams, sweep, disorder, tops }
    }

    /// Walks what changed on every list, and gives what was found free to be handled. The first time everything is
    /// walked, and only what happened after the beginning of that fires.
    pub fn round(&mut self) -> Result<Round, Trouble> {
        let mut none_since = None;
        if self.streams.is_empty() {
            let lists = self.source.lists(self.object)?;
            self.streams = lists.streams;
            none_since = lists.date.filter(|_| self.streams.is_empty());
        }
        let mut round = Round { baseline: self.family.baseline.is_none(), ..Round::default() };
        // Custom objects may have no list yet; what will be on the first one happened since now.
        if let Some(date) = none_since {
            self.begin(date)?;
        }
        for stream in self.streams.clone() {
            let state = self.store.stream(self.family.number, &stream.variant)?;
            let walked = match (state.watermark, self.family.baseline) {
                (Some(watermark), Some(_)) => self.poll(&stream, &state, watermark, &mut round),
                _ => self.enter(&stream, &state, &mut round),
            };
            match walked {
                Err(trouble) if trouble.kind == TroubleKind::Disorder => {
                    self.disorderly(trouble, &mut round)?;
                }
                other => other?,
            }
        }
        round.promoted = self.store.promote(self.family.number, self.rules.brake)?;
        Ok(round)
    }

    /// Walks a list for the first time, whole.
    fn enter(&mut self, stream: &Stream, state: &StreamState, round: &mut Round) -> Result<(), Trouble> {
        let (source, limit) = (self.source, self.rules.page);
        let wanted = Wanted { stream, sort: Sort::Created, limit, cursor: None, purpose: Purpose::Sweep };
        let mut start = None;
        // Nearly all of it is new, and will be remembered.
        let object = self.object;
        let prepare = |page: &mut Page| page.records.iter_mut().for_each(|record| record.shorten(object));
        source.walk(&wanted, &prepare, &mut |pages| {
            if let (None, Some(first)) = (start, pages.first()) {
                self.begin(first.date)?;
                start = Some(first.date);
            }
            round.pages += pages.len() as u64;
            self.learn(stream, state, pages).map(drop)
        })?;
        if let Some(start) = start {
            self.store.walked(state.number, start, start, 0)?;
        }
        Ok(())
    }

    /// Notes the first moment of a family and of hooks that are new to it.
    fn begin(&mut self, date: Timestamp) -> Result<(), Trouble> {
        if self.family.baseline.is_none() {
            // Vitally tells whole seconds: what happened within this one may have happened before.
            let baseline = date + SignedDuration::from_secs(1);
            self.store.set_baseline(self.family.number, baseline)?;
            self.family.baseline = Some(baseline);
            self.family.last_sweep = Some(date);
            self.store.swept(self.family.number, date, &[])?;
            return Ok(());
        }
        self.store.start_hooks(self.family.number, date)?;
        Ok(())
    }

    /// Walks what changed since shortly before the watermark, until it teaches nothing new.
    fn poll(
        &mut self,
        stream: &Stream,
        state: &StreamState,
        watermark: Timestamp,
        round: &mut Round,
    ) -> Result<(), Trouble> {
        let floor = watermark - self.rules.overlap_for(state.lateness);
        let mut pass = 0;
        let (mut date, mut newest, mut unread) = (None, None, 0);
        loop {
            let limit = self.rules.page.saturating_sub(pass).max(1);
            let walk = self.walk(stream, state, limit, floor, pass == 0)?;
            round.pages += walk.pages;
            if pass == 0 {
                (date, newest) = (Some(walk.date), walk.newest);
                self.after_an_outage(state, walk.date);
            }
            unread += walk.unread;
            pass += 1;
            // Writes between two pages may have shifted their border.
            if walk.pages <= 1 || walk.learnt == 0 || pass >= self.rules.passes {
                break;
            }
        }
        let Some(date) = date else { return Ok(()) };
        // A record from the future must not take the watermark there, and where nothing changes it follows slowly, so
        // that old changes are not read again for ever.
        let quiet = date - self.rules.overlap;
        let reached = newest.map_or(quiet, |newest: Timestamp| newest.min(date).max(quiet));
        self.store.walked(state.number, reached.max(watermark), date, unread)?;
        Ok(())
    }

    /// One pass over a list, down to the floor.
    fn walk(
        &mut self,
        stream: &Stream,
        state: &StreamState,
        limit: u32,
        floor: Timestamp,
        first_pass: bool,
    ) -> Result<Pass, Trouble> {
        let mut pass: Option<Pass> = None;
        let mut way = Way::default();
        loop {
            let page = self.page(stream, Sort::Updated, limit, way.cursor(), Purpose::Poll)?;
            let updated: Vec<Timestamp> = page.records.iter().filter_map(updated_at).collect();
            if updated.windows(2).any(|two| two[0] < two[1]) {
                let what = format!("the list {} is not in the order of updatedAt", stream.path);
                return Err(Trouble::new(TroubleKind::Disorder, what));
            }
            if first_pass && pass.is_none() {
                self.store.start_hooks(self.family.number, page.date)?;
            }
            let (date, next) = (page.date, page.next.clone());
            let top = pass.is_none().then(|| Top::of(&page, self.store.lessons()));
            let is_known = top.is_some() && self.tops.get(&stream.variant) == top.as_ref();
            let learnt = if is_known { 0 } else { self.learn(stream, state, vec![page])? };
            if let Some(top) = top.filter(|_| !is_known) {
                self.tops.insert(stream.variant.clone(), top.after(learnt));
            }
            let found = pass.get_or_insert_with(|| Pass {
                pages: 0,
                unread: u64::from(is_known),
                learnt: 0,
                date,
                newest: updated.first().copied(),
            });
            found.pages += 1;
            found.learnt += learnt;
            let below = updated.last().is_some_and(|last| *last < floor);
            if below || !way.follow(next)? {
                break;
            }
        }
        pass.ok_or_else(|| Trouble::new(TroubleKind::Passing, "there was no page"))
    }

    /// After a long time without a look, everything is walked soon.
    fn after_an_outage(&mut self, state: &StreamState, now: Timestamp) {
        let away = state.polled.map(|polled| now.duration_since(polled));
        let due =
            self.family.last_sweep.is_none_or(|last| now.duration_since(last) >= self.rules.sweep_every);
        if due || away.is_some_and(|away| away > self.rules.sweep_after) {
            self.want_sweep();
        }
    }

    /// A list out of order is walked by createdAt instead, and a person is told.
    fn disorderly(&mut self, trouble: Trouble, round: &mut Round) -> Result<(), Trouble> {
        let last = self.disorder.max(self.family.last_sweep);
        self.want_sweep();
        if let (Some(last), Some(sweep)) = (last, &mut self.sweep) {
            sweep.not_before(last + self.rules.sweep_at_most);
        }
        round.notice = Some(trouble.message);
        while self.step_sweep()? {}
        self.disorder = self.family.last_sweep;
        Ok(())
    }

    pub(super) fn page(
        &self,
        stream: &Stream,
        sort: Sort,
        limit: u32,
        cursor: Option<&str>,
        purpose: Purpose,
    ) -> Result<Page, Trouble> {
        self.source.page(&Wanted { stream, sort, limit, cursor, purpose })
    }

    /// Takes in the records of pages that follow each other, in one transaction; answers how many of them were new or
    /// changed.
    pub(super) fn learn(
        &mut self,
        stream: &Stream,
        state: &StreamState,
        pages: Vec<Page>,
    ) -> Result<u64, Trouble> {
        let Some(date) = pages.first().map(|page| page.date) else { return Ok(0) };
        let mut observed = Observed { pages: pages.len() as u64, ..Observed::default() };
        let records: Vec<Record> = pages
            .into_iter()
            .flat_map(|page| page.records)
            .filter_map(|record| Record::new(record, stream.archived))
            .collect();
        let ids: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
        let known = self.store.seen(self.family.number, &ids)?;
        let known: HashMap<&str, &Seen> = known.iter().map(|seen| (seen.id.as_str(), seen)).collect();
        let own = self.store.own_writes(self.family.number, &ids)?;
        let look = self.look(date, state)?;
        // Pages may show a record twice: where it stands in `observed.seen` by now.
        let mut again: HashMap<&str, usize> = HashMap::new();
        for (id, record) in ids.iter().map(String::as_str).zip(records) {
            let updated = record.updated;
            let old = again.get(id).map(|place| &observed.seen[*place]).or(known.get(id).copied());
            let Some(taught) = detect::observe(&look, record, old, &own) else { continue };
            let is_new = old.is_none_or(|old| *old != taught.seen);
            observed.events.extend(taught.events);
            if is_new {
                note_lateness(state, updated, &mut observed);
                again.insert(id, observed.seen.len());
                observed.seen.push(taught.seen);
            }
        }
        let learnt = observed.seen.len() as u64;
        self.store.observe(state.number, date, observed)?;
        Ok(learnt)
    }

    fn look(&self, now: Timestamp, state: &StreamState) -> Result<Look, Trouble> {
        let hooks = self.store.hooks(self.family.number)?;
        let active: Vec<_> = hooks.iter().filter(|hook| hook.active).collect();
        let named = |name: &str| self.object.triggers.iter().find(|trigger| trigger.name == name);
        let listened = |trigger: &&Trigger| {
            active.iter().any(|hook| hook.trigger == trigger.name)
                || self.extra.iter().any(|extra| extra.name == trigger.name)
        };
        let wanted =
            active.iter().filter_map(|hook| Some((hook.number, named(&hook.trigger)?, hook.backfill?)));
        Ok(Look {
            object: self.object,
            triggers: self.object.triggers.iter().filter(listened).collect(),
            baseline: self.family.baseline.unwrap_or(now),
            unchanged_until: state.polled.unwrap_or(Timestamp::MIN),
            backfills: wanted.collect(),
        })
    }
}

/// A page at the top of a list, and what was known when it was taken in.
#[derive(Debug, PartialEq, Eq)]
struct Top {
    hash: String,
    /// How often anybody of this process had learnt something: since then, the same page may have something to teach again.
    lessons: u64,
}

impl Top {
    fn of(page: &Page, lessons: u64) -> Top {
        Top { hash: hash::of_texts([page.source()]), lessons }
    }

    /// The same once it was taken in, which was a lesson itself if it taught anything.
    fn after(self, learnt: u64) -> Top {
        Top { lessons: self.lessons + u64::from(learnt > 0), ..self }
    }
}

/// What one pass over a list found.
struct Pass {
    pages: u64,
    /// Those of them that had nothing to teach.
    unread: u64,
    learnt: u64,
    /// Vitally's time at the first page.
    date: Timestamp,
    /// The newest change on it.
    newest: Option<Timestamp>,
}

/// Counts what should have been there when the list was walked before.
fn note_lateness(state: &StreamState, updated: Timestamp, observed: &mut Observed) {
    let Some(watermark) = state.watermark.filter(|watermark| updated < *watermark) else { return };
    observed.late += 1;
    observed.lateness = observed.lateness.max(watermark.duration_since(updated));
}

fn updated_at(record: &Listed) -> Option<Timestamp> {
    let time = |name: &str| detect::moment(record.text(name)?);
    time("updatedAt").or_else(|| time("createdAt"))
}
