//! Tells people outside about jobs, as `[notify]` says: posts to an address, or starts a command; and beats the heart.
//! All of it on a thread of its own, so that no schedule waits for it.

use super::console::Console;
use crate::gate::Mode;
use crate::settings::Settings;
use crate::settings::notify::NotifySection;
use crate::stop::Stop;
use crate::web::allow::Entry;
use crate::web::{self, Request, Sent, Web};
use jiff::Timestamp;
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;
use url::Url;

/// How long an address may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message about a job.
#[derive(Clone, Debug)]
pub struct Note {
    /// `failing`, `recovered` or `overdue`.
    pub event: &'static str,
    /// The job.
    pub job: String,
    /// A sentence.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

enum Task {
    Tell(Note),
    Beat(Timestamp),
}

/// Hands messages to the thread that sends them.
#[derive(Clone)]
pub struct Messenger(Sender<Task>);

/// Where messages go.
struct Places {
    url: Option<Url>,
    command: Option<String>,
    folder: PathBuf,
    heartbeat_file: Option<PathBuf>,
    heartbeat_url: Option<Url>,
    console: Arc<Console>,
    stop: Stop,
}

impl Messenger {
    /// A thread that sends what the settings ask for.
    pub fn start(settings: &Settings, section: &NotifySection, console: &Arc<Console>) -> Messenger {
        let variable = |name: &Option<String>| {
            let name = name.as_ref()?;
            let value = settings.sources.for_scripts(name);
            if value.is_none() {
                console.warn(&format!("[notify] names the environment variable {name}, which is not set"));
            }
            value
        };
        // What stands in a variable is never shown, also if it is no address.
        let read = |plain: &Option<String>, name: &Option<String>| {
            let text = plain.clone().or_else(|| variable(name))?;
            let url = Url::parse(text.trim()).ok();
            if url.is_none() {
                console.warn(&format!("{} holds no address", name.as_deref().unwrap_or("[notify]")));
            }
            url
        };
        let places = Places {
            url: read(&section.url, &section.url_env),
            command: section.command.clone(),
            folder: settings.root.clone(),
            heartbeat_file: section.heartbeat_file.as_ref().map(|file| settings.root.join(file)),
            heartbeat_url: read(&section.heartbeat_url, &section.heartbeat_url_env),
            console: Arc::clone(console),
            stop: Stop::new(),
        };
        let (sender, tasks) = mpsc::channel();
        let work = move || {
            for task in tasks {
                places.carry_out(&task);
            }
        };
        if let Err(cause) = std::thread::Builder::new().name("notify".into()).spawn(work) {
            console.warn(&format!("nobody will be notified: the system gave no thread for it: {cause}"));
        }
        Messenger(sender)
    }

    /// Sends a message as soon as may be.
    pub fn tell(&self, note: Note) {
        // Without a thread, that has been told.
        let _ = self.0.send(Task::Tell(note));
    }

    /// Tells that all is well.
    pub fn beat(&self, at: Timestamp) {
        let _ = self.0.send(Task::Beat(at));
    }
}

impl Places {
    fn carry_out(&self, task: &Task) {
        match task {
            Task::Tell(note) => {
                if let Some(url) = &self.url {
                    self.failed("notify", self.post(url, note));
                }
                if let Some(command) = &self.command {
                    self.failed("notify", self.start(command, note));
                }
            }
            Task::Beat(at) => {
                if let Some(file) = &self.heartbeat_file {
                    let written = std::fs::write(file, format!("{at}\n"));
                    self.failed("write the heartbeat", written.map_err(|cause| cause.to_string()));
                }
                if let Some(url) = &self.heartbeat_url {
                    self.failed("send the heartbeat", self.send(url, "GET", None));
                }
            }
        }
    }

    fn failed(&self, doing: &str, result: Result<(), String>) {
        if let Err(why) = result {
            self.console.warn(&format!("could not {doing}: {why}"));
        }
    }

    fn post(&self, url: &Url, note: &Note) -> Result<(), String> {
        let slack = url.host_str().is_some_and(|host| host.ends_with("slack.com"));
        let body = if slack { json!({ "text": note.text }) } else { as_json(note) };
        self.send(url, "POST", Some(body.to_string()))
    }

    /// Whoever knows the address can use it, so it is shown by its host alone.
    fn send(&self, url: &Url, method: &'static str, body: Option<String>) -> Result<(), String> {
        let place = web::host(url);
        let allow: Vec<Entry> = Entry::parse(&place).into_iter().collect();
        let json = ("Content-Type".to_string(), "application/json".to_string(), false);
        let request = Request {
            method,
            url: url.clone(),
            headers: body.iter().map(|_| json.clone()).collect(),
            body: body.map(String::into_bytes),
            patience: PATIENCE,
            secret: true,
        };
        match Web::new(allow, Mode::Live, self.stop.clone()).send(request) {
            Ok(Sent::Answered(answer)) if !(200..300).contains(&answer.status) => {
                Err(format!("{place} answered {}", answer.status))
            }
            Ok(_) => Ok(()),
            Err(trouble) => Err(trouble.message.text),
        }
    }

    /// The command gets the message as JSON on its input, and in variables; the key to Vitally is not among them.
    fn start(&self, line: &str, note: &Note) -> Result<(), String> {
        let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
        shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(line).current_dir(&self.folder);
        shell.env("VITALLY_JOB", &note.job).env("VITALLY_EVENT", note.event).env("VITALLY_TEXT", &note.text);
        shell.env_remove("VITALLY_API_KEY").stdin(Stdio::piped()).stdout(Stdio::null());
        let failed = |cause: std::io::Error| format!("the command of [notify] failed: {cause}");
        let mut child = shell.spawn().map_err(failed)?;
        if let Some(mut input) = child.stdin.take() {
            // A command that does not read its input has it in variables.
            let _ = writeln!(input, "{}", as_json(note));
        }
        let status = child.wait().map_err(failed)?;
        if status.success() { Ok(()) } else { Err(format!("the command of [notify] ended with {status}")) }
    }
}

fn as_json(note: &Note) -> serde_json::Value {
    json!({ "text": note.text, "event": note.event, "job": note.job, "at": note.at.to_string() })
}
