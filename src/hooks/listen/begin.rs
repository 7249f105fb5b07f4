//! How listening begins: hooks are noted as they stand in the script, and every object gets a thread that polls it.

use super::super::dispatch::Dispatcher;
use super::super::requests;
use super::super::watcher::Watcher;
use super::super::words::listening;
use super::{EVERY, Kept, Listener, Options, as_error};
use crate::error::Error;
use crate::script::hooks::HookSpec;
use crate::store::StoreError;
use crate::store::hooks::{Hook, HookStore, NewHook};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What the name of a script ends with while its hooks are only previewed.
pub(super) const PREVIEW: &str = " (preview)";

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
}

/// A script's file that is no longer there; what was never a file is not gone.
fn is_gone(script: &str) -> bool {
    let path = std::path::Path::new(script);
    path.extension().is_some_and(|extension| extension == "rhai") && !path.exists()
}
