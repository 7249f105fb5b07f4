//! A finding with its source line and a caret.

use super::{Style, harmless};
use crate::error::{Finding, Place};
use crate::show;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::ops::Range;

/// Columns to lay out for when nobody looks: long source lines are cut around the caret.
const WIDTH: usize = 140;

/// Renders a finding that has a place.
pub fn render(finding: &Finding, style: Style) -> String {
    let Some(place) = &finding.place else { return String::new() };
    let line = line(place);
    let source = harmless(line);
    let span = span(&source, place);
    let mut annotation = AnnotationKind::Primary.span(span);
    if let Some(label) = &finding.label {
        annotation = annotation.label(harmless(label));
    }
    let snippet = Snippet::source(source.as_str())
        .line_start(place.line)
        .path(place.file.as_str())
        .annotation(annotation);
    // What stands before the title's words: `error: ` or `remark[V050]: `.
    let word = if finding.is_remark() { "remark" } else { "error" };
    let before = word.len() + 2 + finding.code.map_or(0, |code| code.len() + 2);
    let message = broken(&harmless(&finding.message), before, style);
    let level = if finding.is_remark() { Level::WARNING.with_name("remark") } else { Level::ERROR };
    let mut title = level.primary_title(message.as_str());
    if let Some(code) = finding.code {
        title = title.id(code);
    }
    let mut group = title.element(snippet);
    // Further remarks stand below the line's number, all as far in as `= help: ` takes.
    let below = place.line.to_string().len() + " = help: ".len();
    let trace: Vec<String> = finding
        .trace
        .iter()
        .map(|place| format!("called from {}:{}:{}", place.file, place.line, place.column))
        .map(|step| broken(&step, below, style))
        .collect();
    for step in &trace {
        group = group.element(Level::NOTE.message(step.as_str()));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(broken(&harmless(help), below, style)));
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width.unwrap_or(WIDTH));
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}

/// A text broken between words, so that it ends in time with so many columns before it.
fn broken(text: &str, before: usize, style: Style) -> String {
    match style.width {
        Some(width) => show::wrap(text, width.saturating_sub(before).max(1)).join("\n"),
        None => text.to_string(),
    }
}

fn line(place: &Place) -> &str {
    place.source.lines().nth(place.line.saturating_sub(1)).unwrap_or_default()
}

/// The bytes of the line to underline; a place after its end underlines the end.
fn span(line: &str, place: &Place) -> Range<usize> {
    let byte = |character: usize| line.char_indices().nth(character).map_or(line.len(), |(at, _)| at);
    let start = place.column.saturating_sub(1);
    byte(start)..byte(start.saturating_add(place.length.max(1)))
}
