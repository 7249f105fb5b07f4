//! One thing as a card.

use super::cell::{cell, one_line};
use super::width::{cut, width_of};
use super::wrap::hanging;
use serde_json::Value;

/// One thing as a card: a title, if it has one, then a line a field.
pub fn card(title: &str, fields: &[(String, Value)], width: Option<usize>) -> String {
    let fit = |line: String| width.map_or(line.clone(), |width| cut(&line, width));
    let names: Vec<String> = fields.iter().map(|(name, _)| one_line(name)).collect();
    let widest = names.iter().map(|name| width_of(name)).max().unwrap_or_default();
    let mut lines = if title.is_empty() { Vec::new() } else { vec![fit(one_line(title))] };
    for (name, (_, value)) in names.iter().zip(fields) {
        let gap = " ".repeat(widest - width_of(name));
        lines.push(fit(format!("  {name}{gap}  {}", cell(value))));
    }
    lines.join("\n")
}

/// A last line of a card, broken between words.
pub fn remark(before: &str, text: &str, width: Option<usize>) -> String {
    hanging(&format!("  {before}"), text, width)
}
