//! `check PATH…`.

use super::{Context, source};
use crate::cli::{Check, ErrorFormat, Format};
use crate::error::{Error, Finding};
use crate::{exit, report, script};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Finds mistakes in scripts without running them.
pub fn run(context: &Context, options: &Check) -> Result<u8, Error> {
    let root = context.sources(false)?.root();
    let asked_for_json = context.console.format_or(Format::Table) == Format::Json;
    let default = if asked_for_json { ErrorFormat::Json } else { ErrorFormat::Text };
    let format = options.error_format.unwrap_or(default);
    let mut files = Vec::new();
    for path in &options.paths {
        if path.is_dir() { files.extend(scripts_in(path)?) } else { files.push(path.clone()) }
    }
    let mut findings = Vec::new();
    for file in &files {
        let found = script::check(&source::script(file, &root)?);
        if format == ErrorFormat::Text && found.is_empty() {
            context.console.line(&format!("{}  ok", file.display()));
        }
        findings.extend(found);
    }
    match format {
        ErrorFormat::Json => {
            let list: Value = findings.iter().map(report::finding_json).collect();
            context.console.line(&format!("{list:#}"));
        }
        ErrorFormat::Github => findings.iter().for_each(|finding| context.console.line(&annotation(finding))),
        ErrorFormat::Text => {
            let style = context.console.stdout_style();
            for finding in &findings {
                context.console.line(&report::finding(finding, style));
            }
            if !findings.is_empty() {
                let count = |number: usize, word: &str| {
                    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
                };
                context.console.say(&format!(
                    "{} in {}",
                    count(findings.len(), "mistake"),
                    count(files.len(), "script")
                ));
            }
        }
    }
    Ok(if findings.is_empty() { exit::DONE } else { exit::CHECK })
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
    format!(
        "::error {}title={}::{}",
        place.unwrap_or_default(),
        property(title),
        data(&format!("{}{help}", finding.message))
    )
}
