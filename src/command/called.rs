//! What a call of a hook or a schedule is, beside its script: what its runs are called, how a second try finds them again, and
//! what its creates are known by.

use super::journal::Shelf;
use crate::gate::journal::{OpenJournal, Written};
use crate::script::hooks::Cause;
use crate::script::schedules::AboutJob;
use crate::store::{NewRun, Store, StoreError};
use serde_json::{Value, json};
use std::cell::OnceCell;
use std::rc::Rc;

/// The event or the time that a function is called for.
pub enum Called {
    /// Something happened.
    Event {
        /// The hook's name.
        hook: String,
        /// The event's key.
        key: String,
        /// The delivery, as the store counts them.
        number: i64,
        /// The runs that earlier tries noted their changes under, one a profile.
        runs: Vec<String>,
    },
    /// A time has come.
    Tick(AboutJob),
}

impl Called {
    /// What is needed of a cause while the call goes on.
    pub fn of(cause: Cause) -> Called {
        match cause {
            Cause::Event(hook, happening) => Called::Event {
                hook: hook.name.clone(),
                key: happening.key.clone(),
                number: happening.number,
                runs: happening.runs.clone(),
            },
            Cause::Tick(tick) => Called::Tick(tick.about.clone()),
        }
    }

    /// The hook's name, or the schedule's.
    pub fn name(&self) -> &str {
        match self {
            Called::Event { hook, .. } => hook,
            Called::Tick(about) => &about.name,
        }
    }

    /// What tells its creates from all others; those for another profile from those for its own, which may lead to the same
    /// tenant.
    pub fn salt(&self, other: Option<&str>) -> String {
        let salt = match self {
            Called::Event { hook, key, .. } => format!("{hook}\n{key}"),
            Called::Tick(about) => format!("job\n{}\n{}", about.name, about.scheduled_at),
        };
        other.map_or(salt.clone(), |profile| format!("{salt}\nprofile\n{profile}"))
    }

    /// What its runs are, and what the journal says they were started with.
    pub fn kind(&self) -> (&'static str, Value) {
        match self {
            Called::Event { hook, key, .. } => ("hook", json!({ "hook": hook, "event": key })),
            Called::Tick(AboutJob { name, scheduled_at, .. }) => {
                ("schedule", json!({ "schedule": name, "tick": scheduled_at.to_string() }))
            }
        }
    }

    /// The run that an earlier try noted its changes to a profile under.
    pub fn run_before(
        &self,
        store: &dyn Store,
        profile: &str,
        origin: &str,
    ) -> Result<Option<String>, StoreError> {
        let Called::Event { runs, .. } = self else { return Ok(None) };
        for id in runs {
            let found = store.run(id)?;
            if found.is_some_and(|run| run.about.profile == profile && run.about.origin == origin) {
                return Ok(Some(id.clone()));
            }
        }
        Ok(None)
    }

    /// Notes a run when the first change is about to be sent, or goes on with the one of before. `noted` gets its id.
    pub fn journal(
        self: &Rc<Self>,
        journals: Shelf,
        about: NewRun,
        before: Option<String>,
        noted: Rc<OnceCell<String>>,
    ) -> OpenJournal {
        let called = Rc::clone(self);
        Rc::new(move || {
            let store = journals.store()?;
            let run = match &before {
                Some(run) => {
                    store.reopen_run(run)?;
                    run.clone()
                }
                None => store.start_run(&about)?,
            };
            if before.is_none() {
                // Before anything is sent: the next try must find it.
                match &*called {
                    Called::Event { number, .. } => journals.hooks()?.delivery_run(*number, &run)?,
                    Called::Tick(AboutJob { name, scheduled_at, .. }) => {
                        journals.jobs()?.tick_run(name, *scheduled_at, &run)?;
                    }
                }
            }
            let _ = noted.set(run.clone());
            Ok(Written { store, run })
        })
    }
}
