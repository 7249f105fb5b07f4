//! Numbers as bars and as a line of small blocks.

use super::width::{cut, width_of};

/// The longest bar where nobody looks.
const LONGEST: usize = 40;
/// The shortest longest bar: a terminal that has no room for it gets wider lines.
const SHORTEST: usize = 10;
/// The widest name of a bar.
const WIDEST: usize = 30;
/// Eighths of a column.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
/// Eighths of a line's height.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One bar: its name, the number as it is written, and the number.
pub struct Bar {
    /// What it is called.
    pub name: String,
    /// The number as people see it.
    pub written: String,
    /// How long it is; a bar below zero is drawn in grey.
    pub number: f64,
}

/// A line for each bar: its name, its number, and the bar, in `width` columns (`None`: nobody looks).
pub fn bars(bars: &[Bar], width: Option<usize>) -> String {
    let names: Vec<String> = bars.iter().map(|bar| cut(&bar.name, WIDEST)).collect();
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let of_names = widest(&mut names.iter().map(|name| width_of(name)));
    let of_numbers = widest(&mut bars.iter().map(|bar| width_of(&bar.written)));
    let taken = of_names + of_numbers + 4;
    let room = width.map_or(LONGEST, |width| width.saturating_sub(taken).max(SHORTEST));
    let largest = bars.iter().map(|bar| bar.number.abs()).fold(0.0, f64::max);
    let line = |(bar, name): (&Bar, &String)| {
        let gap = " ".repeat(of_names - width_of(name));
        let before = " ".repeat(of_numbers - width_of(&bar.written));
        let drawn = drawn(bar.number, largest, room);
        format!("{name}{gap}  {before}{}  {drawn}", bar.written).trim_end().to_string()
    };
    bars.iter().zip(&names).map(line).collect::<Vec<_>>().join("\n")
}

fn drawn(number: f64, largest: f64, room: usize) -> String {
    if largest == 0.0 || !number.is_finite() {
        return String::new();
    }
    let eighths = steps(number.abs() / largest, room * 8);
    if number < 0.0 {
        return "░".repeat(eighths.div_ceil(8));
    }
    let rest = eighths % 8;
    let end = if rest == 0 { String::new() } else { EIGHTHS[rest - 1].to_string() };
    format!("{}{end}", "█".repeat(eighths / 8))
}

/// Numbers as one line of blocks of eight heights, from the smallest to the largest; a gap for what is missing.
pub fn spark(numbers: &[Option<f64>]) -> String {
    let known = || numbers.iter().flatten().copied().filter(|number| number.is_finite());
    let (least, most) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let block = |number: &Option<f64>| match number.filter(|number| number.is_finite()) {
        None => ' ',
        Some(_) if most <= least => HEIGHTS[3],
        Some(number) => HEIGHTS[steps((number - least) / (most - least), 7)],
    };
    numbers.iter().map(block).collect()
}

/// A share as a number of steps.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share from 0 to 1 of a few steps"
)]
fn steps(share: f64, of: usize) -> usize {
    (share * of as f64).round() as usize
}
