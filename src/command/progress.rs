//! One line about a long walk: animated on a terminal, now and then elsewhere.

use crate::catalogue;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long something takes before a person wants to know.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a line is said where nothing can be animated.
const PACE: Duration = Duration::from_secs(10);

/// Counts the requests of what is being read.
pub struct Progress {
    animated: bool,
    wanted: bool,
    counts: BTreeMap<String, u64>,
    started: Option<Instant>,
    said: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing is being read yet.
    pub fn new(animated: bool, wanted: bool) -> Progress {
        let counts = BTreeMap::new();
        Progress { animated, wanted, counts, started: None, said: Instant::now(), bar: None }
    }

    /// The animated line, if there is one: other words have to be written around it.
    pub fn bar(&self) -> Option<&ProgressBar> {
        self.bar.as_ref()
    }

    /// Counts a request; answers a line to say where nothing is animated.
    pub fn request(&mut self, line: &str) -> Option<String> {
        if !self.wanted {
            return None;
        }
        let (doing, unit) = subject(line)?;
        let now = Instant::now();
        let started = *self.started.get_or_insert_with(|| {
            self.said = now;
            now
        });
        let count = self.counts.entry(doing.clone()).or_default();
        *count += 1;
        let text = format!("{doing} … {} {unit}", grouped(*count));
        if self.animated {
            if now.duration_since(started) >= PATIENCE {
                self.bar.get_or_insert_with(spinner).set_message(text);
            }
            return None;
        }
        if now.duration_since(self.said) < PACE {
            return None;
        }
        self.said = now;
        Some(text)
    }

    /// Takes the animated line away.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// What a request is about, and what to count it as: pages of a list, or single requests.
fn subject(line: &str) -> Option<(String, &'static str)> {
    let address = line.split_whitespace().find(|word| word.starts_with('/') || word.contains("://"))?;
    let route = address.split('?').next()?;
    let path = route.rsplit_once("/resources").map_or(route, |(_, below)| below);
    let last = path.rsplit('/').next()?;
    let known = catalogue::lists().find(|(_, list)| list.path.rsplit('/').next() == Some(last));
    let reading = line.split_whitespace().any(|word| word == "GET");
    let name = match known {
        Some((_, found)) => found.name.replace('_', " "),
        None => path.trim_start_matches('/').split('/').next()?.to_string(),
    };
    let unit = if reading && known.is_some() { "pages" } else { "requests" };
    Some((format!("{} {name}", if reading { "reading" } else { "writing" }), unit))
}

/// A count with commas: `1,284`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
