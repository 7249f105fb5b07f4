//! The jobs of a project: those of `vitally.toml`, and the scripts of a folder that say in their first lines when they run.

use super::{Context, run, source};
use crate::cli::Safety;
use crate::error::{Error, Message};
use crate::schedule::job::{CATCHUP_WINDOW, MAX_RUNNING, TIMEOUT};
use crate::schedule::{Job, zone};
use crate::script::{self, Script};
use crate::settings::{JobSection, Settings, job};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A job with its script.
#[derive(Clone, Debug)]
pub struct Planned {
    /// When and how it runs.
    pub job: Job,
    /// What it says about itself.
    pub section: JobSection,
    /// Its script, read and checked.
    pub script: Script,
}

impl Planned {
    /// A run of it.
    pub fn run<'a>(&'a self, safety: &'a Safety) -> run::Job<'a> {
        run::Job::new("job", &self.script, safety)
    }

    /// What keeps its runs within bounds. Nobody is there to be asked.
    pub fn safety(&self) -> Safety {
        let arguments = self.section.arguments.iter();
        Safety {
            yes: true,
            max_changes: self.section.max_changes,
            max_deletes: self.section.max_deletes,
            arguments: arguments.map(|(name, value)| (name.clone(), value.clone())).collect(),
            ..Safety::default()
        }
    }
}

/// The folder of the scripts: the one that was typed, else the project's.
pub fn folder(settings: &Settings, typed: Option<&Path>) -> PathBuf {
    typed.map_or_else(|| settings.root.clone(), Path::to_path_buf)
}

/// Every job by name; two of one name are an error, and so is a script that does not compile.
pub fn all(context: &Context, folder: &Path) -> Result<BTreeMap<String, Planned>, Error> {
    let settings = context.settings(false)?;
    let mut planned: BTreeMap<String, Planned> = BTreeMap::new();
    for section in sections(&settings, folder)? {
        let one = plan(&settings, section)?;
        if let Some(other) = planned.get(&one.job.name) {
            let place = &one.section.place;
            return Err(Error::usage(
                format!("two jobs are called \"{}\"", one.job.name),
                format!(
                    "give one of them another name: {}:{} and {}:{}",
                    other.section.place.file, other.section.place.line, place.file, place.line
                ),
            ));
        }
        planned.insert(one.job.name.clone(), one);
    }
    Ok(planned)
}

/// The scripts of a folder that are no jobs and stay for hooks or schedules of their own, by name.
pub fn listeners(context: &Context, folder: &Path) -> Result<BTreeMap<String, Script>, Error> {
    let settings = context.settings(false)?;
    let jobs: Vec<PathBuf> =
        sections(&settings, folder)?.iter().filter_map(|job| job.script.canonicalize().ok()).collect();
    let mut found = BTreeMap::new();
    for path in scripts(folder)? {
        let script = source::script(&path, &settings.root)?;
        let is_job = path.canonicalize().is_ok_and(|path| jobs.contains(&path));
        if !is_job && script::stays(&script).map_err(Error::Check)? {
            found.insert(script.name.clone(), script);
        }
    }
    Ok(found)
}

/// What is written in the settings and in the scripts of a folder.
fn sections(settings: &Settings, folder: &Path) -> Result<Vec<JobSection>, Error> {
    let mut sections = Vec::new();
    if let Some(project) = &settings.sources.project {
        for section in &project.jobs {
            sections.push(JobSection {
                script: as_typed(&settings.root.join(&section.script)),
                ..section.clone()
            });
        }
    }
    for path in scripts(folder)? {
        let script = source::script(&path, &settings.root)?;
        sections.extend(job::of_script(&path, &script.text)?);
    }
    Ok(sections)
}

/// The scripts of a folder, by name.
fn scripts(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |cause| Error::File { path: folder.into(), doing: "read the folder", cause };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "rhai") {
            found.push(as_typed(&path));
        }
    }
    found.sort();
    Ok(found)
}

/// A path as people in the current folder would type it. What is remembered of a script's hooks goes by this name, and
/// must be the same as with `run`.
fn as_typed(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let short = path.strip_prefix(&here).or_else(|_| path.strip_prefix("."));
    short.unwrap_or(path).to_path_buf()
}

fn plan(settings: &Settings, section: JobSection) -> Result<Planned, Error> {
    let script = source::script(&section.script, &settings.root)?;
    if script::stays(&script).map_err(Error::Check)? {
        return Err(Error::usage(
            format!(
                "{} is a job, and calls on, schedule or every as well: a run of it would never end",
                script.name
            ),
            format!(
                "take out the one or the other; the job \"{}\" is described in {}:{}",
                section.name, section.place.file, section.place.line
            ),
        ));
    }
    let signed = |length: Duration| SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
    let job = Job {
        overlap: section.overlap.unwrap_or_default(),
        max_running: section.max_running.unwrap_or(MAX_RUNNING),
        catchup: section.catchup.unwrap_or_default(),
        catchup_window: section.catchup_window.map_or(CATCHUP_WINDOW, signed),
        jitter: section.jitter.unwrap_or_default(),
        timeout: section.timeout.unwrap_or(TIMEOUT),
        retries: section.retries.unwrap_or(0),
        pause_after_failures: section.pause_after_failures,
        ..Job::new(&section.name, section.schedule.clone(), zone_of(settings, &section)?)
    };
    Ok(Planned { job, section, script })
}

/// The job's own zone, that of its profile, or UTC.
fn zone_of(settings: &Settings, section: &JobSection) -> Result<TimeZone, Error> {
    if let Some(name) = &section.timezone {
        return zone::named(name).map_err(|(message, help)| Error::Usage(Message::new(message, help)));
    }
    let profile = match &section.profile {
        Some(name) => settings.other(name)?,
        None => settings.profile.clone(),
    };
    match profile.timezone.value {
        Some(_) => Ok(profile.zone()?.get().clone()),
        None => Ok(TimeZone::UTC),
    }
}

/// Files with when they were changed and how long they are.
pub type Fingerprint = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// Something that changes when the settings or a script of the folder do.
pub fn fingerprint(settings: &Settings, folder: &Path) -> Fingerprint {
    let project = settings.sources.project.as_ref();
    let own = project.map(|file| file.path.clone());
    let named = project.into_iter().flat_map(|file| &file.jobs).map(|job| settings.root.join(&job.script));
    let paths = own.into_iter().chain(named).chain(scripts(folder).unwrap_or_default());
    let state = |path: &Path| {
        let about = std::fs::metadata(path).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    paths.map(|path| (path.clone(), state(&path))).collect()
}
