//! What hooks keep, in the `SQLite` file.

use super::hooks::{
    Choice, Delivery, DeliveryEnd, Event, Family, Hook, HookReads, HookStore, NewHook, Observed, OwnWrite,
    PollerRow, Promoted, Seen, StreamState,
};
use super::{SqliteStore, StoreError, hooks};
use jiff::Timestamp;
use std::sync::atomic::Ordering;

impl SqliteStore {
    fn asks(&self) -> HookReads<'_> {
        HookReads(&self.reads)
    }
}

impl HookStore for SqliteStore {
    fn family(&self, profile: &str, origin: &str, object: &str) -> Result<Family, StoreError> {
        if let Ok(known) = self.asks().family(profile, origin, object) {
            return Ok(known);
        }
        let (own_profile, own_origin) = (profile.to_string(), origin.to_string());
        let own_object = object.to_string();
        self.write("write down what is listened to", move |file| {
            hooks::family(file, &own_profile, &own_origin, &own_object)
        })?;
        self.asks().family(profile, origin, object)
    }

    fn stream(&self, family: i64, variant: &str) -> Result<StreamState, StoreError> {
        if let Ok(known) = self.asks().stream(family, variant) {
            return Ok(known);
        }
        let own = variant.to_string();
        self.write("write down what is listened to", move |file| hooks::stream(file, family, &own))?;
        self.asks().stream(family, variant)
    }

    fn set_baseline(&self, family: i64, at: Timestamp) -> Result<(), StoreError> {
        self.write("write down since when is listened", move |file| hooks::baseline(file, family, at))
            .map(|_| ())
    }

    fn seen(&self, family: i64, ids: &[String]) -> Result<Vec<Seen>, StoreError> {
        self.asks().seen(family, ids)
    }

    fn own_writes(&self, family: i64, ids: &[String]) -> Result<Vec<OwnWrite>, StoreError> {
        self.asks().own_writes(family, ids)
    }

    fn observe(&self, stream: i64, noticed: Timestamp, observed: Observed) -> Result<(), StoreError> {
        let is_lesson = !observed.seen.is_empty();
        self.write("write down what happened", move |file| hooks::observe(file, stream, noticed, &observed))?;
        self.lessons.fetch_add(u64::from(is_lesson), Ordering::SeqCst);
        Ok(())
    }

    fn lessons(&self) -> u64 {
        self.lessons.load(Ordering::SeqCst)
    }

    fn walked(
        &self,
        stream: i64,
        watermark: Timestamp,
        polled: Timestamp,
        unread: u64,
    ) -> Result<(), StoreError> {
        self.write("write down how far a list was walked", move |file| {
            hooks::walked(file, stream, watermark, polled, unread)
        })
        .map(|_| ())
    }

    fn promote(&self, family: i64, brake: Option<u64>) -> Result<Promoted, StoreError> {
        let told =
            self.write("write down what is to be handled", move |file| hooks::promote(file, family, brake))?;
        let mut numbers = told.iter().flat_map(|told| told.split(' ')).map(|word| word.parse().unwrap_or(0));
        Ok(Promoted { pending: numbers.next().unwrap_or(0), held: numbers.next().unwrap_or(0) })
    }

    fn swept(&self, family: i64, at: Timestamp, backfilled: &[i64]) -> Result<(), StoreError> {
        let backfilled = backfilled.to_vec();
        self.write("write down that everything was walked", move |file| {
            hooks::swept(file, family, at, &backfilled)
        })
        .map(|_| ())
    }

    fn troubled(&self, family: i64, trouble: Option<(&str, Timestamp)>) -> Result<(), StoreError> {
        let trouble = trouble.map(|(words, since)| (words.to_string(), since));
        self.write("write down that a list cannot be read", move |file| {
            hooks::troubled(file, family, trouble.as_ref().map(|(words, since)| (words.as_str(), *since)))
        })
        .map(|_| ())
    }

    fn forget(&self, family: i64, before: Timestamp) -> Result<(), StoreError> {
        self.write("forget what was handled long ago", move |file| hooks::forget(file, family, before))
            .map(|_| ())
    }

    fn register(&self, script: &str, new: &[NewHook], gone: &[String]) -> Result<(), StoreError> {
        let (script, new, gone) = (script.to_string(), new.to_vec(), gone.to_vec());
        self.write("write down the hooks", move |file| hooks::register(file, &script, &new, &gone))
            .map(|_| ())
    }

    fn start_hooks(&self, family: i64, at: Timestamp) -> Result<(), StoreError> {
        self.write("write down since when is listened", move |file| hooks::start_hooks(file, family, at))
            .map(|_| ())
    }

    fn hooks(&self, family: i64) -> Result<Vec<Hook>, StoreError> {
        self.asks().hooks(family)
    }

    fn hook_scripts(&self) -> Result<Vec<String>, StoreError> {
        self.asks().hook_scripts()
    }

    fn recover(&self, boot: &str) -> Result<u64, StoreError> {
        let boot = boot.to_string();
        self.write("put back what was being handled", move |file| hooks::recover(file, &boot)).map(counted)
    }

    fn due(&self, wanted: &[i64], now: Timestamp, most: usize) -> Result<Vec<Delivery>, StoreError> {
        self.asks().due(wanted, now, most)
    }

    fn next_due(&self, wanted: &[i64]) -> Result<Option<Timestamp>, StoreError> {
        self.asks().next_due(wanted)
    }

    fn claim(&self, delivery: i64, boot: &str) -> Result<bool, StoreError> {
        let boot = boot.to_string();
        self.write("write down what is being handled", move |file| hooks::claim(file, delivery, &boot))
            .map(|claimed| claimed.is_some())
    }

    fn delivery_run(&self, delivery: i64, run: &str) -> Result<(), StoreError> {
        let run = run.to_string();
        self.write("write down the run of an event", move |file| hooks::also_under(file, delivery, &run))
            .map(|_| ())
    }

    fn settle_delivery(&self, delivery: i64, end: &DeliveryEnd) -> Result<(), StoreError> {
        let end = end.clone();
        self.write("write down how an event was handled", move |file| hooks::settle(file, delivery, &end))
            .map(|_| ())
    }

    fn wrote(&self, profile: &str, origin: &str, writes: &[(String, OwnWrite)]) -> Result<(), StoreError> {
        let (profile, origin, writes) = (profile.to_string(), origin.to_string(), writes.to_vec());
        self.write("write down what was written", move |file| hooks::wrote(file, &profile, &origin, &writes))
            .map(|_| ())
    }

    fn deliveries(&self, choice: &Choice) -> Result<Vec<Delivery>, StoreError> {
        self.asks().deliveries(choice)
    }

    fn last_event(&self) -> Result<i64, StoreError> {
        self.asks().last_event()
    }

    fn events_after(&self, number: i64, triggers: &[String], most: usize) -> Result<Vec<Event>, StoreError> {
        self.asks().events_after(number, triggers, most)
    }

    fn release(&self, choice: &Choice) -> Result<u64, StoreError> {
        let choice = choice.clone();
        self.write("release the events", move |file| hooks::release(file, &choice)).map(counted)
    }

    fn replay(&self, choice: &Choice) -> Result<u64, StoreError> {
        let choice = choice.clone();
        self.write("replay the events", move |file| hooks::replay(file, &choice)).map(counted)
    }

    fn discard(&self, choice: &Choice) -> Result<u64, StoreError> {
        let choice = choice.clone();
        self.write("discard the events", move |file| hooks::discard(file, &choice)).map(counted)
    }

    fn pollers(&self) -> Result<Vec<PollerRow>, StoreError> {
        self.asks().pollers()
    }
}

/// A number as a job tells it.
fn counted(told: Option<String>) -> u64 {
    told.and_then(|told| told.parse().ok()).unwrap_or(0)
}
