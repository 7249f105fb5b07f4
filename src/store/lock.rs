//! One process at a time writes: a lock on the folder, and beside it a text that says who holds it.
//!
//! The text stands in a file of its own because some systems let nobody read a locked file.

use super::place::{Place, private};
use super::{NewRun, StoreError};
use crate::report;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::process;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// Whoever only looks shares the lock for a moment; so often and so long a new holder waits for that.
const PATIENCE: (u32, Duration) = (200, Duration::from_millis(5));

/// The lock, held until it is dropped.
pub(super) struct Lock {
    /// Unlocked by the system when it closes, however the process ends.
    _file: File,
    place: Place,
    /// A random word that tells this holder from all others; runs are kept with it.
    pub holder: String,
    /// Held while the text is written anew.
    text: Mutex<()>,
}

impl Lock {
    /// Takes the lock. Also says whether the last holder went without a goodbye.
    pub fn take(place: &Place) -> Result<(Lock, bool), StoreError> {
        let unusable = |cause: &std::io::Error| StoreError::Unusable {
            path: place.lock.clone(),
            reason: report::cause(cause),
        };
        let file = private(&place.lock).map_err(|cause| unusable(&cause))?;
        if let Err(refused) = patiently(&file) {
            return Err(match refused {
                TryLockError::Error(cause) => unusable(&cause),
                TryLockError::WouldBlock => {
                    StoreError::Busy { path: place.home.clone(), holder: text(place).map(|(who, _)| who) }
                }
            });
        }
        let left_behind = place.holder.exists();
        let holder = format!("{:016x}", fastrand::u64(..));
        let lock = Lock { _file: file, place: place.clone(), holder, text: Mutex::new(()) };
        lock.say(None).map_err(|cause| unusable(&cause))?;
        Ok((lock, left_behind))
    }

    /// Notes what the holder does, for those who are turned away. It is only a courtesy: a failure changes nothing.
    pub fn runs(&self, run: Option<(&str, &NewRun)>) {
        drop(self.say(run));
    }

    fn say(&self, run: Option<(&str, &NewRun)>) -> std::io::Result<()> {
        let _alone = self.text.lock();
        let what = run
            .map(|(id, about)| format!(", run {id} ({} {})", about.kind, about.script))
            .unwrap_or_default()
            .replace(char::is_control, " ");
        let new = self.place.holder.with_extension("new");
        let text = format!("process {}{what}\n{}\n", process::id(), self.holder);
        private(&new)?.write_all(text.as_bytes())?;
        fs::rename(&new, &self.place.holder)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.place.holder));
    }
}

/// Takes the lock, or finds out that somebody holds it alone.
fn patiently(file: &File) -> Result<(), TryLockError> {
    let (times, pause) = PATIENCE;
    for _ in 0..times {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {}
            other => return other,
        }
        file.try_lock_shared()?;
        file.unlock().map_err(TryLockError::Error)?;
        thread::sleep(pause);
    }
    file.try_lock()
}

/// The word of the process that holds the lock at this moment, if one does.
pub(super) fn holder(place: &Place) -> Option<String> {
    let (_, holder) = text(place)?;
    let file = File::open(&place.lock).ok()?;
    // Taken, it is given back when the file closes, right here.
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then_some(holder)
}

/// Who holds the lock, for people, and that holder's word.
fn text(place: &Place) -> Option<(String, String)> {
    let text = fs::read_to_string(&place.holder).ok()?;
    let mut lines = text.lines();
    Some((lines.next()?.to_string(), lines.next()?.to_string()))
}
