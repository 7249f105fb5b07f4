//! What a script keeps between its runs, in the store. A dry run keeps it to itself.

use super::journal::Shelf;
use crate::error::Message;
use crate::script::Script;
use crate::script::host::{Keeper, Keeping, Unable};
use crate::store::{Shelfmark, Store as _, StoreError};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The name that a script's state is kept under: its path in the project's folder, wherever it is started from.
pub fn name_of(script: &Script) -> String {
    let inside = |path: &PathBuf| {
        let (path, root) = (path.canonicalize().ok()?, script.root.canonicalize().ok()?);
        let name = path.strip_prefix(&root).unwrap_or(&path);
        Some(name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    };
    script.path.as_ref().and_then(inside).unwrap_or_else(|| script.name.clone())
}

/// What was kept, or forgotten, by kind and key.
type Pretended = BTreeMap<(Keeping, String), Option<Value>>;

/// The state of one script under one profile.
pub struct ScriptState {
    shelf: Shelf,
    profile: String,
    script: String,
    /// What a dry run would have kept; `None` in a run that keeps it.
    pretended: Option<RefCell<Pretended>>,
}

impl ScriptState {
    /// The state of this script; `dry` keeps nothing.
    pub fn new(shelf: Shelf, profile: &str, script: &str, dry: bool) -> ScriptState {
        let pretended = dry.then(RefCell::default);
        ScriptState { shelf, profile: profile.into(), script: script.into(), pretended }
    }

    fn mark(&self, what: Keeping) -> Shelfmark {
        let kind = match what {
            Keeping::Value => "value",
            Keeping::Once => "once",
        };
        Shelfmark { profile: self.profile.clone(), script: self.script.clone(), kind }
    }
}

impl Keeper for ScriptState {
    fn read(&self, what: Keeping, key: &str) -> Result<Option<Value>, Unable> {
        if let Some(pretended) = &self.pretended
            && let Some(value) = pretended.borrow().get(&(what, key.to_string()))
        {
            return Ok(value.clone());
        }
        let store = self.shelf.to_read().map_err(|error| unable(&error))?;
        store.state(&self.mark(what), key).map_err(|error| unable(&error))
    }

    fn keys(&self, what: Keeping) -> Result<Vec<String>, Unable> {
        let store = self.shelf.to_read().map_err(|error| unable(&error))?;
        let mut keys = store.state_keys(&self.mark(what)).map_err(|error| unable(&error))?;
        if let Some(pretended) = &self.pretended {
            for ((_, key), value) in pretended.borrow().iter().filter(|((of, _), _)| *of == what) {
                keys.retain(|known| known != key);
                keys.extend(value.is_some().then(|| key.clone()));
            }
        }
        keys.sort();
        Ok(keys)
    }

    fn keep(&self, what: Keeping, key: &str, value: Option<Value>) -> Result<(), Unable> {
        if let Some(pretended) = &self.pretended {
            pretended.borrow_mut().insert((what, key.to_string()), value);
            return Ok(());
        }
        let store = self.shelf.store().map_err(|error| unable(&error))?;
        store.keep_state(&self.mark(what), key, value.as_ref()).map_err(|error| unable(&error))
    }
}

fn unable(error: &StoreError) -> Unable {
    let (text, help) = error.words();
    let kind = if matches!(error, StoreError::Busy { .. }) { "busy" } else { "file" };
    Unable { kind, message: Message::new(text, help) }
}
