//! The jobs of a project: those of `vitally.toml`, and the scripts of a folder that say in their first lines when they run.

use super::{Context, run, source};
use crate::cli::Safety;
use crate::error::{Error, Message};
use crate::schedule::job::{CATCHUP_WINDOW, MAX_RUNNING, TIMEOUT};
use crate::schedule::{Job, zone};
use crate::script::{self, Outline, Script};
use crate::settings::{JobSection, Settings, job};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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

/// What `serve` keeps.
#[derive(Debug, Default)]
pub struct Project {
    /// The jobs, by name.
    pub jobs: BTreeMap<String, Planned>,
    /// The scripts of the folder that are no jobs and stay for hooks or schedules of their own, by name.
    pub listeners: BTreeMap<String, Script>,
    /// The files that all of these import.
    pub imports: BTreeSet<PathBuf>,
}

/// Everything that `serve` keeps; two jobs of one name are an error, and so is a script that does not compile.
pub fn all(context: &Context, folder: &Path) -> Result<Project, Error> {
    let settings = context.settings(false)?;
    let (mut project, mut desk) = (Project::default(), Desk::new(&settings));
    let sections = sections(&settings, folder)?;
    let of_jobs: HashSet<PathBuf> =
        sections.iter().filter_map(|job| job.script.canonicalize().ok()).collect();
    for section in sections {
        let one = plan(&settings, section, &mut desk)?;
        if let Some(other) = project.jobs.get(&one.job.name) {
            let place = &one.section.place;
            return Err(Error::usage(
                format!("two jobs are called \"{}\"", one.job.name),
                format!(
                    "give one of them another name: {}:{} and {}:{}",
                    other.section.place.file, other.section.place.line, place.file, place.line
                ),
            ));
        }
        project.jobs.insert(one.job.name.clone(), one);
    }
    for path in scripts(folder)? {
        if !path.canonicalize().is_ok_and(|path| of_jobs.contains(&path)) {
            let (script, stays) = desk.read(&path)?;
            if stays {
                project.listeners.insert(script.name.clone(), script);
            }
        }
    }
    project.imports = desk.imports;
    Ok(project)
}

/// The files that scripts of a folder and of the settings import, as far as they can be found while one of them is broken.
pub fn imports(settings: &Settings, folder: &Path) -> BTreeSet<PathBuf> {
    let paths = sections(settings, folder).unwrap_or_default().into_iter().map(|section| section.script);
    let paths: BTreeSet<PathBuf> = paths.chain(scripts(folder).unwrap_or_default()).collect();
    let scripts = paths.iter().filter_map(|path| source::script(path, &settings.root).ok());
    scripts.flat_map(|script| script::outline(&script).imports).collect()
}

/// Reads scripts, each once, however many jobs run it.
struct Desk<'a> {
    settings: &'a Settings,
    read: HashMap<PathBuf, (Script, bool)>,
    imports: BTreeSet<PathBuf>,
}

impl Desk<'_> {
    fn new(settings: &Settings) -> Desk<'_> {
        Desk { settings, read: HashMap::new(), imports: BTreeSet::new() }
    }

    /// A script that compiles, and whether it stays.
    fn read(&mut self, path: &Path) -> Result<(Script, bool), Error> {
        if let Some(known) = self.read.get(path) {
            return Ok(known.clone());
        }
        let script = source::script(path, &self.settings.root)?;
        let Outline { stays, imports } = script::outline(&script);
        let read = (script, stays.map_err(Error::Check)?);
        self.imports.extend(imports);
        self.read.insert(path.to_path_buf(), read.clone());
        Ok(read)
    }
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

fn plan(settings: &Settings, section: JobSection, desk: &mut Desk) -> Result<Planned, Error> {
    let (script, stays) = desk.read(&section.script)?;
    if stays {
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
        expect_within: section.expect_within.map(signed),
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
pub type Fingerprint = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Something that changes when the settings, a script of the folder or one of these further files do.
pub fn fingerprint(settings: &Settings, folder: &Path, further: &BTreeSet<PathBuf>) -> Fingerprint {
    let project = settings.sources.project.as_ref();
    let own = project.map(|file| file.path.clone());
    let named = project.into_iter().flat_map(|file| &file.jobs).map(|job| settings.root.join(&job.script));
    let further = further.iter().cloned();
    let paths = own.into_iter().chain(named).chain(scripts(folder).unwrap_or_default()).chain(further);
    // Many jobs may run one script.
    let paths: BTreeSet<PathBuf> = paths.collect();
    let state = |path: &Path| {
        let about = std::fs::metadata(path).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    paths
        .into_iter()
        .map(|path| {
            let state = state(&path);
            (path, state)
        })
        .collect()
}
