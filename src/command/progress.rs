//! One line about a long walk: animated on a terminal, now and then elsewhere.

use super::narrow::Narrow;
use crate::catalogue;
use crate::script::host::Rows;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long something takes before a person wants to know.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a line is said where nothing can be animated.
const PACE: Duration = Duration::from_secs(10);
/// How often the animated line is drawn at most.
const PER_SECOND: u8 = 20;

/// Counts the requests of what is being read.
pub struct Progress {
    animated: bool,
    wanted: bool,
    counts: BTreeMap<String, u64>,
    started: Option<Instant>,
    said: Instant,
    bar: Option<ProgressBar>,
    /// Rows are counted, so requests are not.
    rows: bool,
}

impl Progress {
    /// Nothing is being read yet.
    pub fn new(animated: bool, wanted: bool) -> Progress {
        let counts = BTreeMap::new();
        Progress { animated, wanted, counts, started: None, said: Instant::now(), bar: None, rows: false }
    }

    /// The animated line, if there is one: other words have to be written around it.
    pub fn bar(&self) -> Option<&ProgressBar> {
        self.bar.as_ref()
    }

    /// Counts a request; answers a line to say where nothing is animated.
    pub fn request<'a>(&mut self, line: impl FnOnce() -> &'a str) -> Option<String> {
        if !self.wanted || self.rows {
            return None;
        }
        let (doing, unit) = subject(line())?;
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

    /// Counts the rows of an input; answers a line to say where nothing is animated.
    pub fn rows(&mut self, rows: &Rows) -> Option<String> {
        if !self.wanted {
            return None;
        }
        let now = Instant::now();
        if !self.rows {
            self.end();
            self.rows = true;
            self.started = Some(now);
            self.said = now;
        }
        let elapsed = now.duration_since(self.started.unwrap_or(now));
        if self.animated {
            if elapsed >= PATIENCE {
                self.bar.get_or_insert_with(spinner).set_message(rows.line(elapsed));
            }
            return None;
        }
        if now.duration_since(self.said) < PACE {
            return None;
        }
        self.said = now;
        Some(rows.line(elapsed))
    }

    /// Counts from nothing again.
    pub fn begin(&mut self) {
        self.end();
        self.counts.clear();
        self.started = None;
    }

    /// Takes the animated line away.
    pub fn end(&mut self) {
        self.rows = false;
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Rows<'_> {
    fn line(&self, elapsed: Duration) -> String {
        let rate = self.done as f64 / elapsed.as_secs_f64().max(0.001);
        let (of, left) = match self.total {
            Some(total) => {
                let left = total.saturating_sub(self.done) as f64 / rate.max(0.001);
                (format!("/{}", grouped(total)), format!(" · ~{} left", spoken_seconds(left)))
            }
            None => (String::new(), String::new()),
        };
        let done = grouped(self.done);
        format!(
            "{} {done}{of} · {} failed · {rate:.1}/s{left} · Ctrl-C to stop",
            self.label,
            grouped(self.failed)
        )
    }
}

fn spoken_seconds(seconds: f64) -> String {
    if seconds < 120.0 { format!("{seconds:.0} s") } else { format!("{:.0} min", (seconds / 60.0).ceil()) }
}

fn spinner() -> ProgressBar {
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(Narrow::stderr()), PER_SECOND);
    let bar = ProgressBar::with_draw_target(None, target);
    // A text that is too long is cut: it would be broken in one place by the terminal, and counted in another.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
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
