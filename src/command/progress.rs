//! One line about a long walk: animated on a terminal, now and then elsewhere.

use crate::catalogue;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// How long something takes before a person wants to know.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a line is said where nothing can be animated.
const PACE: Duration = Duration::from_secs(10);

/// Counts the requests of what is being read.
pub struct Progress {
    animated: bool,
    wanted: bool,
    doing: String,
    requests: u64,
    started: Instant,
    said: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing is being read yet.
    pub fn new(animated: bool, wanted: bool) -> Progress {
        let now = Instant::now();
        Progress { animated, wanted, doing: String::new(), requests: 0, started: now, said: now, bar: None }
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
        let (doing, unit) = described(line)?;
        let now = Instant::now();
        if doing != self.doing {
            self.end();
            (self.doing, self.requests, self.started, self.said) = (doing, 0, now, now);
        }
        self.requests += 1;
        if self.animated {
            if now.duration_since(self.started) >= PATIENCE {
                let text = self.text(unit);
                self.bar.get_or_insert_with(spinner).set_message(text);
            }
            return None;
        }
        if now.duration_since(self.said) < PACE {
            return None;
        }
        self.said = now;
        Some(self.text(unit))
    }

    /// Takes the animated line away.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn text(&self, unit: &str) -> String {
        format!("{} … {} {unit}", self.doing, grouped(self.requests))
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
fn described(line: &str) -> Option<(String, &'static str)> {
    let path = line.split_whitespace().find(|word| word.starts_with('/') || word.contains("://"))?;
    let path = path.split('?').next()?;
    let path = path.rsplit_once("/resources").map_or(path, |(_, path)| path);
    let last = path.rsplit('/').next()?;
    let list = catalogue::lists().find(|(_, list)| list.path.rsplit('/').next() == Some(last));
    let reading = line.split_whitespace().any(|word| word == "GET");
    let name = match list {
        Some((_, list)) => list.name.replace('_', " "),
        None => path.trim_start_matches('/').split('/').next()?.to_string(),
    };
    let unit = if reading && list.is_some() { "pages" } else { "requests" };
    Some((format!("{} {name}", if reading { "reading" } else { "writing" }), unit))
}

/// A count with commas: `1,284`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
