//! Rows as a table.

use super::cell::{cell, one_line};
use super::width::{cut, width_of};
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde_json::Value;

/// The space between two columns.
const GAP: usize = 2;
/// A column that is not alone takes no more than this, so that others fit beside it.
const WIDEST: usize = 40;
/// A column narrower than this says too little to be worth showing when it has to be cut.
const NARROWEST: usize = 8;

/// Rows as a table, one line a row, fitted to `width` columns (`None`: nothing is cut). Columns that do not fit are
/// left out and named in a last line.
pub fn table(columns: &[String], rows: &[Vec<Value>], width: Option<usize>) -> String {
    let heads: Vec<String> = columns.iter().map(|name| one_line(name)).collect();
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let natural: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let widths = cells.iter().filter_map(|row| row.get(at)).map(|text| width_of(text));
            widths.fold(width_of(head), usize::max)
        })
        .collect();
    let shown = width.map_or_else(|| natural.clone(), |width| fitted(&natural, width));
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let line = |texts: &[String]| -> Vec<String> {
        let text = |at: usize| texts.get(at).map_or("", String::as_str);
        shown.iter().enumerate().map(|(at, &width)| cut(text(at), width)).collect()
    };
    table.set_header(line(&heads));
    for row in &cells {
        table.add_row(line(row));
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        let last = at + 1 == shown.len();
        column.set_padding((0, if last { 0 } else { u16::try_from(GAP).unwrap_or(1) }));
        let values = || rows.iter().filter_map(|row| row.get(at));
        let numbers = values().any(Value::is_number) && values().all(|v| v.is_number() || v.is_null());
        if numbers {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut lines: Vec<String> = table.lines().map(|line| line.trim_end().to_string()).collect();
    let left_out = heads.len() - shown.len();
    if left_out > 0 {
        let plural = if left_out == 1 { "" } else { "s" };
        let note = format!("+{left_out} column{plural}: {}", heads[shown.len()..].join(", "));
        lines.push(width.map_or(note.clone(), |width| cut(&note, width)));
    }
    lines.join("\n")
}

/// The widths of the columns that fit, from the left. The first is always shown.
fn fitted(natural: &[usize], width: usize) -> Vec<usize> {
    let total: usize = natural.iter().sum::<usize>() + GAP * natural.len().saturating_sub(1);
    if total <= width {
        return natural.to_vec();
    }
    let mut shown: Vec<usize> = Vec::new();
    let mut used = 0;
    for &natural in natural {
        let gap = if shown.is_empty() { 0 } else { GAP };
        let room = width.saturating_sub(used + gap);
        let wanted = natural.min(WIDEST);
        if wanted > room && room < NARROWEST && !shown.is_empty() {
            break;
        }
        let taken = wanted.min(room);
        shown.push(taken);
        used += gap + taken;
        if wanted > room {
            break;
        }
    }
    shown
}
