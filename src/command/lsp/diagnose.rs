//! What `check` finds, at the place where the editor underlines it.

use super::Workplace;
use super::document::{Document, number};
use crate::error::Finding;
use crate::script;
use lsp_types::{Diagnostic, DiagnosticSeverity, NumberOrString, Position, Range};

/// Everything wrong with a script.
pub fn diagnostics(document: &Document, workplace: &Workplace) -> Vec<Diagnostic> {
    let script = document.script(&workplace.root);
    if script.text.trim().is_empty() || script.name.ends_with(".d.rhai") {
        return Vec::new();
    }
    script::check(&script).0.iter().map(|finding| diagnostic(document, &script.name, finding)).collect()
}

fn diagnostic(document: &Document, name: &str, finding: &Finding) -> Diagnostic {
    let mut message = finding.message.clone();
    let range = match &finding.place {
        Some(place) if place.file == name => {
            let line = document.text.split('\n').nth(place.line - 1).unwrap_or_default();
            let units = |count: usize| line.chars().take(count).map(char::len_utf16).sum::<usize>();
            let (start, end) = (units(place.column - 1), units(place.column - 1 + place.length.max(1)));
            let row = number(place.line - 1);
            Range::new(Position::new(row, number(start)), Position::new(row, number(end)))
        }
        // A mistake in a script that this one imports.
        Some(place) => {
            message = format!("{}, line {}: {message}", place.file, place.line);
            Range::default()
        }
        None => Range::default(),
    };
    if let Some(label) = finding.label.as_ref().filter(|label| !message.contains(label.as_str())) {
        message = format!("{message}: {label}");
    }
    if let Some(help) = &finding.help {
        message = format!("{message}\nhelp: {help}");
    }
    let severity = if finding.is_remark() { DiagnosticSeverity::WARNING } else { DiagnosticSeverity::ERROR };
    Diagnostic {
        range,
        severity: Some(severity),
        code: finding.code.map(|code| NumberOrString::String(code.into())),
        source: Some("vitally-script".into()),
        message,
        ..Diagnostic::default()
    }
}
