//! What `jobs pause` and `jobs resume` want while `serve` holds the store: files in the state folder, which `serve` reads.

use crate::error::Error;
use crate::schedule::step::Told;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A job that is to be told something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The job's name.
    pub job: String,
    /// Why it is paused; `None` lets it go on.
    pub pause: Option<String>,
}

impl Wish {
    /// As the job is told.
    pub fn told(&self) -> Told {
        self.pause.clone().map_or(Told::Resume, Told::Pause)
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
        let text = json!({ "job": self.job, "pause": self.pause }).to_string();
        // A file that is half written is never read: it gets its name when it is whole.
        fs::write(&new, text).and_then(|()| fs::rename(&new, &done)).map_err(failed("write to"))
    }
}

/// Takes what was left, oldest name first.
pub fn take(home: &Path) -> Vec<Wish> {
    let Ok(entries) = fs::read_dir(folder(home)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort_by_key(|path| fs::metadata(path).and_then(|about| about.modified()).ok());
    let mut wishes = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let read: Value = serde_json::from_str(&text).unwrap_or_default();
        // What cannot be removed would be heard again and again.
        if fs::remove_file(&path).is_ok()
            && let Some(job) = read["job"].as_str()
        {
            wishes.push(Wish { job: job.into(), pause: read["pause"].as_str().map(Into::into) });
        }
    }
    wishes
}

fn folder(home: &Path) -> PathBuf {
    home.join("job-wishes")
}
