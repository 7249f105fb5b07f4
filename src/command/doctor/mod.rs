//! `doctor`: every part of the set-up, each ok or with what to do about it.

mod answers;
pub mod paging;

use super::session::Session;
use super::{Context, form};
use crate::cli::Format;
use crate::client::{Failure, Kind};
use crate::clock::{Clock as _, SystemClock};
use crate::error::Error;
use crate::{exit, report, show};
use serde_json::{Value, json};
use std::path::Path;

/// One thing looked at.
pub struct Finding {
    /// What was looked at.
    name: &'static str,
    /// Whether all is well.
    ok: bool,
    /// What was found.
    message: String,
    /// What to do, if something is wrong.
    help: Option<String>,
}

impl Finding {
    fn ok(name: &'static str, message: impl Into<String>) -> Finding {
        Finding { name, ok: true, message: message.into(), help: None }
    }

    fn problem(name: &'static str, message: impl Into<String>, help: impl Into<String>) -> Finding {
        Finding { name, ok: false, message: message.into(), help: Some(help.into()) }
    }
}

/// Looks at every part of the set-up.
pub fn run(context: &Context) -> Result<u8, Error> {
    let mut findings = Vec::new();
    let code = examine(context, &mut findings)?;
    let format = context.console.format_or(Format::Table);
    if format == Format::Table {
        let width = context.console.width();
        for finding in &findings {
            let word = if finding.ok { "ok     " } else { "problem" };
            let line = format!("{word}  {:<9} {}", finding.name, finding.message);
            context.console.line(&width.map_or(line.clone(), |width| show::cut(&line, width)));
            if let Some(help) = &finding.help {
                context.console.line(&format!("         {:<9} {help}", ""));
            }
        }
    } else {
        let list: Value = findings
            .iter()
            .map(|f| json!({ "check": f.name, "ok": f.ok, "message": f.message, "help": f.help }))
            .collect();
        form::write(&context.console, &list, None, format);
    }
    Ok(code)
}

/// Goes as far as it can; what needs the key or an answer is left out once those are missing.
fn examine(context: &Context, findings: &mut Vec<Finding>) -> Result<u8, Error> {
    let (home, root) = {
        let sources = context.sources(true)?;
        (crate::settings::places::home(&sources).value, sources.root())
    };
    findings.push(Finding::ok("project", root.display().to_string()));
    let writable = writable(&home);
    let home_code = if writable.ok { exit::DONE } else { exit::USAGE };
    findings.push(writable);
    let session = match Session::open(context) {
        Ok(session) => session,
        Err(error) => {
            let name = if matches!(error, Error::Login(_)) { "key" } else { "settings" };
            findings.push(from_error(name, &error));
            return Ok(error.exit_code());
        }
    };
    let profile = &session.settings.profile;
    findings.push(Finding::ok("profile", format!("{}: {}", profile.name, profile.label())));
    let gate = session.gate();
    let before = SystemClock.now();
    match gate.fetch("/accounts", &paging::first_page()) {
        Ok(answer) => {
            findings.push(Finding::ok("address", format!("{} answers", profile.address()?)));
            findings.push(Finding::ok("key", "Vitally accepts it"));
            findings.push(answers::clock(&answer, before, SystemClock.now()));
            findings.push(answers::rate(&answer));
            findings.push(paging::check(&gate, &answer));
            let bad = findings.iter().any(|finding| !finding.ok);
            Ok(if bad && home_code == exit::DONE { exit::GAVE_UP } else { home_code })
        }
        Err(failure) => Ok(refused(&failure, findings, &session)),
    }
}

fn refused(failure: &Failure, findings: &mut Vec<Finding>, session: &Session) -> u8 {
    let name = if failure.status.is_some() { "key" } else { "address" };
    if failure.status.is_some() {
        let address = session.settings.profile.address().unwrap_or_default();
        findings.push(Finding::ok("address", format!("{address} answers")));
    }
    let help = match (&failure.help, failure.kind) {
        (Some(help), _) => help.clone(),
        (None, Kind::Unauthorized) => "copy the key again from Vitally".into(),
        (None, _) => "try again; check the network, the region and the subdomain".into(),
    };
    findings.push(Finding::problem(name, failure.message.clone(), help));
    Error::Api(Box::new(failure.clone())).exit_code()
}

fn from_error(name: &'static str, error: &Error) -> Finding {
    let message = report::message(error);
    Finding { name, ok: false, message: message.text, help: message.help }
}

/// Whether state can be kept: a file is made in its folder and taken away again.
fn writable(home: &Path) -> Finding {
    let probe = home.join(format!(".probe-{}", std::process::id()));
    let tried = std::fs::create_dir_all(home).and_then(|()| std::fs::write(&probe, b"x"));
    let tried = tried.and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => Finding::ok("home", home.display().to_string()),
        Err(cause) => Finding::problem(
            "home",
            format!("{} cannot be written: {}", home.display(), report::cause(&cause)),
            "set VITALLY_SCRIPT_HOME to a folder that you may write to",
        ),
    }
}
