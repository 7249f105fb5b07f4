//! `check PATH…`.

mod effects;

use super::{Context, source};
use crate::cli::{Check, ErrorFormat, Format};
use crate::error::{Error, Finding};
use crate::settings::time;
use crate::{exit, report, script};
use effects::Summary;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Finds mistakes in scripts without running them.
pub fn run(context: &Context, options: &Check) -> Result<u8, Error> {
    let sources = context.sources(false)?;
    let root = sources.root();
    let now = time::pretended(&sources)?.unwrap_or_else(Timestamp::now);
    let zone = usual_zone(context);
    let asked_for_json = context.console.format_or(Format::Table) == Format::Json;
    let default = if asked_for_json { ErrorFormat::Json } else { ErrorFormat::Text };
    let format = options.error_format.unwrap_or(default);
    let mut files = Vec::new();
    for path in &options.paths {
        if path.is_dir() { files.extend(scripts_in(path)?) } else { files.push(path.clone()) }
    }
    let (mut findings, mut summaries) = (Vec::new(), Vec::new());
    for file in &files {
        let script = source::script(file, &root)?;
        let (mut found, effects) = script::check(&script);
        match Summary::new(file, &script.text, effects, &zone, now) {
            Ok(summary) => {
                found.extend(summary.remarks(now));
                if format == ErrorFormat::Text && !found.iter().any(is_mistake) {
                    context.console.line(&format!("{}  ok", file.display()));
                    let text = summary.text(context.console.width());
                    if !text.is_empty() {
                        context.console.line(&text);
                    }
                }
                summaries.push(summary);
            }
            Err(Error::Settings(finding)) => found.push(*finding),
            Err(other) => return Err(other),
        }
        findings.extend(found);
    }
    match format {
        ErrorFormat::Json => {
            let document = json!({
                "schema": 1,
                "findings": findings.iter().map(report::finding_json).collect::<Value>(),
                "scripts": summaries.iter().map(Summary::json).collect::<Value>(),
            });
            context.console.line(&format!("{document:#}"));
        }
        ErrorFormat::Github => findings.iter().for_each(|finding| context.console.line(&annotation(finding))),
        ErrorFormat::Text => {
            let style = context.console.stdout_style();
            for finding in &findings {
                context.console.line(&report::finding(finding, style));
            }
            if !findings.is_empty() {
                context.console.say(&ending(&findings, files.len()));
            }
        }
    }
    Ok(if findings.iter().any(is_mistake) { exit::CHECK } else { exit::DONE })
}

fn is_mistake(finding: &Finding) -> bool {
    !finding.is_remark()
}

/// The zone of the profile, if there is one.
fn usual_zone(context: &Context) -> TimeZone {
    let settings = context.settings(false).ok();
    let named = settings.filter(|settings| settings.profile.timezone.value.is_some());
    named.and_then(|settings| Some(settings.profile.zone().ok()?.get().clone())).unwrap_or(TimeZone::UTC)
}

/// How many there are, and where to read more.
fn ending(findings: &[Finding], files: usize) -> String {
    let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let mistakes = findings.iter().filter(|finding| is_mistake(finding)).count();
    let remarks = findings.len() - mistakes;
    let found = match (mistakes, remarks) {
        (mistakes, 0) => count(mistakes, "mistake"),
        (0, remarks) => count(remarks, "remark"),
        (mistakes, remarks) => format!("{} and {}", count(mistakes, "mistake"), count(remarks, "remark")),
    };
    let code = findings.iter().find_map(|finding| finding.code);
    let more = code.map_or(String::new(), |code| format!("; vitally-script help {code} says more"));
    format!("{found} in {}{more}", count(files, "script"))
}

/// The scripts of a folder and of those in it, in alphabetical order; hidden folders are left out.
fn scripts_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
    if found.is_empty() {
        return Err(Error::usage(
            format!("there are no scripts in {}", folder.display()),
            "scripts are files whose names end in .rhai",
        ));
    }
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |cause| Error::File { path: folder.into(), doing: "read the folder", cause };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden {
            collect(&path, found)?;
        } else if !kind.is_dir() && is_script(&path) {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether a file is a script; definitions for editors are none.
fn is_script(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.ends_with(".rhai") && !name.ends_with(".d.rhai")
}

/// A finding as GitHub Actions reads it.
fn annotation(finding: &Finding) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let place = finding
        .place
        .as_ref()
        .map(|place| format!("file={},line={},col={},", property(&place.file), place.line, place.column));
    let title = finding.code.unwrap_or("mistake");
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let kind = if finding.is_remark() { "warning" } else { "error" };
    format!(
        "::{kind} {}title={}::{}",
        place.unwrap_or_default(),
        property(title),
        data(&format!("{}{help}", finding.message))
    )
}
