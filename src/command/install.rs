//! `jobs install`: lets the system start `serve` by itself, with a systemd unit of the user or a launchd agent.

use super::Context;
use super::planned::{self, Project};
use crate::error::{Error, Message};
use crate::exit;
use crate::settings::{KeySource, Origin, Settings};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// How long the system waits for runs to end: longer than `serve` itself does.
const STOP_SECONDS: u32 = 60;
/// After so long without a sign of life systemd starts it anew.
const WATCHDOG_SECONDS: u32 = 120;

/// A file for the system, and what to type once it is there.
struct Service {
    path: PathBuf,
    text: String,
    then: Vec<String>,
}

/// Shows the file, asks, and writes it.
pub fn run(context: &Context, folder: Option<&Path>, yes: bool, print: bool) -> Result<u8, Error> {
    let settings = context.settings(false)?;
    let Project { jobs, listeners, .. } = planned::all(&settings, &planned::folder(&settings, folder))?;
    if jobs.is_empty() && listeners.is_empty() {
        let help = "vitally-script help schedules says how a script becomes a job";
        return Err(Error::usage("there is nothing to serve in this folder", help));
    }
    let service = service(context, &settings, folder)?;
    if print {
        context.console.write(&service.text);
        return Ok(exit::DONE);
    }
    context.console.notice_lines(&service.text.lines().map(str::to_string).collect::<Vec<_>>());
    let path = service.path.display();
    if !yes {
        let question = format!("Write this to {path}? Type yes: ");
        let answer = context.console.ask(&question);
        if answer.is_none_or(|answer| !answer.trim().eq_ignore_ascii_case("yes")) {
            let help = "add -y to write it without being asked, or --print to write it elsewhere yourself";
            return Err(Error::Refused(Message::new(format!("{path} was not written"), help)));
        }
    }
    let failed = |cause| Error::File { path: service.path.clone(), doing: "write", cause };
    if let Some(above) = service.path.parent() {
        std::fs::create_dir_all(above).map_err(failed)?;
    }
    std::fs::write(&service.path, &service.text).map_err(failed)?;
    context.console.say(&format!("wrote {path}; now type:"));
    for line in &service.then {
        context.console.say(&format!("  {line}"));
    }
    if matches!(settings.profile.key.origin, Origin::Environment(_)) {
        context.console.warn(
            "the key comes from the environment of this terminal, which the service does not have; put it into a file \
             .env in the project, or log in: vitally-script login --store-in file",
        );
    }
    let profiles = settings.sources.names().into_iter().filter_map(|name| settings.other(&name).ok());
    if profiles.into_iter().any(|profile| matches!(profile.key.value, Some(KeySource::Keyring(_)))) {
        context.console.warn(
            "a key is in the keyring, which is open only while you are logged in at this computer; for jobs that run at \
             other times: vitally-script login --store-in file",
        );
    }
    Ok(exit::DONE)
}

fn service(context: &Context, settings: &Settings, folder: Option<&Path>) -> Result<Service, Error> {
    let unreadable = |cause| Error::File { path: "vitally-script".into(), doing: "find", cause };
    let program = std::env::current_exe().map_err(unreadable)?;
    let root = settings.root.canonicalize().unwrap_or_else(|_| settings.root.clone());
    let mut words = vec![program.display().to_string()];
    if let Some(profile) = &context.global.profile {
        words.extend(["--profile".into(), profile.clone()]);
    }
    words.push("serve".into());
    if let Some(folder) = folder {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        words.push(folder.display().to_string());
    }
    let home = etcetera::home_dir().map_err(|_| {
        Error::usage("there is no home folder to write the service to", "set HOME, or use --print")
    })?;
    let name = root.file_name().map(|name| slug(&name.to_string_lossy())).unwrap_or_default();
    let set = |name: &str| context.environment.get(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    Ok(if cfg!(target_os = "macos") {
        let label = format!("com.vitally-script.{name}");
        let path = home.join("Library/LaunchAgents").join(format!("{label}.plist"));
        let then = vec![format!("launchctl bootstrap gui/$(id -u) '{}'", path.display())];
        Service { text: agent(&label, &words, &root), path, then }
    } else {
        let unit = format!("vitally-script-{name}.service");
        let config = set("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        let then = vec![
            "systemctl --user daemon-reload".into(),
            format!("systemctl --user enable --now {unit}"),
            "loginctl enable-linger   # so that it runs while you are not logged in".into(),
        ];
        Service { path: config.join("systemd/user").join(&unit), text: systemd(&words, &root), then }
    })
}

/// A name made of letters, digits and dashes.
fn slug(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let slug: String = letters.collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "jobs".into() } else { slug.into() }
}

fn systemd(words: &[String], root: &Path) -> String {
    // A per cent sign and, between quotes, a backslash and a quote mean something to systemd; a dollar sign in a command, too.
    let plain = |text: &str| text.replace('%', "%%");
    let quoted = |word: &String| {
        let word = plain(word).replace('\\', "\\\\").replace('"', "\\\"").replace('$', "$$");
        format!("\"{word}\"")
    };
    let command: Vec<String> = words.iter().map(quoted).collect();
    let root = plain(&root.display().to_string());
    format!(
        "[Unit]\n\
         Description=The Vitally jobs of {root}\n\
         Wants=network-online.target\n\
         After=network-online.target time-sync.target\n\
         \n\
         [Service]\n\
         Type=notify\n\
         WorkingDirectory={root}\n\
         ExecStart={}\n\
         ExecReload=/bin/kill -HUP $MAINPID\n\
         Restart=on-failure\n\
         RestartSec=10\n\
         WatchdogSec={WATCHDOG_SECONDS}\n\
         TimeoutStopSec={STOP_SECONDS}\n\
         NoNewPrivileges=yes\n\
         \n\
         [Install]\n\
         WantedBy=default.target\n",
        command.join(" ")
    )
}

fn agent(label: &str, words: &[String], root: &Path) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let arguments = words.iter().fold(String::new(), |mut text, word| {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "    <string>{}</string>", escaped(word));
        text
    });
    let root = escaped(&root.display().to_string());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  <string>{label}</string>\n  \
         <key>ProgramArguments</key>\n  <array>\n{arguments}  </array>\n  \
         <key>WorkingDirectory</key>\n  <string>{root}</string>\n  \
         <key>RunAtLoad</key>\n  <true/>\n  \
         <key>KeepAlive</key>\n  <dict>\n    <key>SuccessfulExit</key>\n    <false/>\n  </dict>\n  \
         <key>ExitTimeOut</key>\n  <integer>{STOP_SECONDS}</integer>\n</dict>\n</plist>\n"
    )
}
