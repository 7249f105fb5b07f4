//! Wishes of other commands while this program's store is in use: `events release` and its like leave them as files in
//! the state folder, and whoever holds the store carries them out.

use crate::error::Error;
use crate::store::StoreError;
use crate::store::hooks::{Choice, DeliveryState, HookStore};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// What is to be done with deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Doing {
    /// Held ones are to be handled.
    Release,
    /// They are to be handled once more.
    Replay,
    /// They need not be handled.
    Discard,
}

/// One wish.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// What is to be done.
    pub doing: Doing,
    /// The event's key or the delivery's number; all if left out.
    pub key: Option<String>,
    /// Only of hooks with this name.
    pub hook: Option<String>,
    /// Only those in these states.
    pub states: Vec<String>,
}

impl Request {
    /// Does it now; answers how many deliveries it was about.
    pub fn carry_out(&self, store: &dyn HookStore) -> Result<u64, StoreError> {
        let choice = Choice {
            key: self.key.clone(),
            hook: self.hook.clone(),
            states: self.states.iter().filter_map(|word| DeliveryState::of(word)).collect(),
            most: None,
        };
        match self.doing {
            Doing::Release => store.release(&choice),
            Doing::Replay => store.replay(&choice),
            Doing::Discard => store.discard(&choice),
        }
    }

    /// Leaves it for whoever holds the store.
    pub fn leave(&self, home: &Path) -> Result<(), Error> {
        let folder = folder(home);
        let file = |doing| move |cause| Error::File { path: folder_name(home), doing, cause };
        fs::create_dir_all(&folder).map_err(file("make"))?;
        let name = format!("{:016x}", fastrand::u64(..));
        let (new, done) = (folder.join(format!("{name}.new")), folder.join(format!("{name}.json")));
        let text = serde_json::to_string(self).unwrap_or_default();
        // A file that is half written is never read.
        fs::write(&new, text).and_then(|()| fs::rename(&new, &done)).map_err(file("write to"))
    }
}

fn folder(home: &Path) -> PathBuf {
    home.join("requests")
}

fn folder_name(home: &Path) -> PathBuf {
    folder(home)
}

/// Carries out what other commands left; answers whether that was anything.
pub fn carry_out(home: &Path, store: &dyn HookStore) -> Result<bool, StoreError> {
    let mut is_any = false;
    let Ok(entries) = fs::read_dir(folder(home)) else { return Ok(is_any) };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let request = fs::read(&path).ok().and_then(|text| serde_json::from_slice::<Request>(&text).ok());
        if let Some(request) = request {
            request.carry_out(store)?;
            is_any = true;
        }
        // One that cannot be removed is carried out again, which changes nothing more.
        let _ = fs::remove_file(&path);
    }
    Ok(is_any)
}
