//! What `jobs pause`, `jobs resume` and `jobs release` want while another process holds the store: files in the state
//! folder, which whoever keeps the job reads.

use crate::error::Error;
use crate::pulse::Pulse;
use crate::schedule::keeper::Message;
use crate::schedule::step::Told;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A job that is to be told something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The job's name.
    pub job: String,
    /// What it is told.
    pub want: Want,
}

/// What a job is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// To pause, and why.
    Pause(String),
    /// To go on.
    Resume,
    /// To run the missed times that are held.
    Release,
    /// To leave them out.
    Discard,
}

impl Wish {
    /// As the job is told.
    pub fn message(self) -> Message {
        let told = match self.want {
            Want::Pause(why) => Told::Pause(why),
            Want::Resume => Told::Resume,
            Want::Release => Told::Release,
            Want::Discard => Told::Discard,
        };
        Message { job: self.job, told, error: None }
    }

    fn text(&self) -> String {
        let (want, why) = match &self.want {
            Want::Pause(why) => ("pause", Some(why)),
            Want::Resume => ("resume", None),
            Want::Release => ("release", None),
            Want::Discard => ("discard", None),
        };
        json!({ "job": self.job, "want": want, "why": why }).to_string()
    }

    fn read(text: &str) -> Option<Wish> {
        let read: Value = serde_json::from_str(text).ok()?;
        let want = match read["want"].as_str()? {
            "pause" => Want::Pause(read["why"].as_str()?.into()),
            "resume" => Want::Resume,
            "release" => Want::Release,
            "discard" => Want::Discard,
            _ => return None,
        };
        Some(Wish { job: read["job"].as_str()?.into(), want })
    }

    /// Leaves it for whoever holds the store.
    pub fn leave(&self, home: &Path) -> Result<(), Error> {
        let folder = folder(home);
        let failed = |doing| {
            let path = folder.clone();
            move |cause| Error::File { path, doing, cause }
        };
        fs::create_dir_all(&folder).map_err(failed("make"))?;
        let name = format!("{:016x}", fastrand::u64(..));
        let (new, done) = (folder.join(format!("{name}.new")), folder.join(format!("{name}.json")));
        let text = self.text();
        // A file that is half written is never read: it gets its name when it is whole.
        fs::write(&new, text).and_then(|()| fs::rename(&new, &done)).map_err(failed("write to"))
    }
}

/// How long whoever keeps jobs or listens waits at most.
pub const LOOK: Duration = Duration::from_millis(800);
/// How often they look for wishes at most. Together with [`LOOK`] that is less than the second that is promised.
const OFTEN: Duration = Duration::from_millis(150);

/// When to look for wishes again.
pub fn pulse() -> Pulse {
    Pulse::new(OFTEN)
}

/// Takes what was left for jobs that somebody knows, oldest first, if it is time to look.
pub fn take(home: &Path, pulse: &mut Pulse, knows: impl Fn(&str) -> bool) -> Vec<Wish> {
    if !pulse.beats(Instant::now()) {
        return Vec::new();
    }
    let Ok(entries) = fs::read_dir(folder(home)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort_by_key(|path| fs::metadata(path).and_then(|about| about.modified()).ok());
    let mut wishes = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let Some(wish) = Wish::read(&text).filter(|wish| knows(&wish.job)) else { continue };
        // What cannot be removed would be heard again and again.
        if fs::remove_file(&path).is_ok() {
            wishes.push(wish);
        }
    }
    wishes
}

fn folder(home: &Path) -> PathBuf {
    home.join("job-wishes")
}
