//! What is said about jobs.

use super::console::Console;
use crate::schedule::Job;
use crate::schedule::describe::list;
use crate::schedule::keeper::News;
use crate::schedule::length;
use crate::store::jobs::TickOutcome;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How many of the next times are told when a job is registered.
const NEXT: usize = 3;

/// A job with its next times: `renewals runs at 06:00, Monday to Friday (Europe/London): next Thu 06:00, …`.
pub fn registered(job: &Job, now: Timestamp) -> String {
    let zone = job.zone();
    let next: Vec<Timestamp> = job.crontab.upcoming(now, zone).take(NEXT).collect();
    let head = format!("{} runs {} ({})", job.name, job.crontab.words(), job.zone_name());
    if next.is_empty() {
        return head;
    }
    let local: Vec<String> = next.iter().map(|at| at_zone(*at, zone)).collect();
    let utc: Vec<String> = next.iter().map(|at| clock(*at, &TimeZone::UTC)).collect();
    let utc = if zone == &TimeZone::UTC { String::new() } else { format!(" ({} UTC)", list(&utc)) };
    format!("{head}; next {}{utc}", list(&local))
}

/// A time in a zone: `Thu 2026-11-26 06:00`.
pub fn at_zone(at: Timestamp, zone: &TimeZone) -> String {
    let day = at.to_zoned_datetime(zone.clone()).strftime("%a %Y-%m-%d").to_string();
    format!("{day} {}", clock(at, zone))
}

/// The time of the day in a zone: `06:00`.
fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned_datetime(zone.clone());
    local.strftime(if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// A run begins.
pub fn started(job: &Job, tick: Timestamp, attempt: u32) -> String {
    let again = if attempt > 1 { format!(", try {attempt}") } else { String::new() };
    format!("{}: started for {}{again}", job.name, at_zone(tick, job.zone()))
}

/// Says news: what somebody should look at as a warning, the rest to those who asked to hear more.
pub fn tell<'a>(console: &Console, all: &[News], zone: impl Fn(&str) -> Option<&'a TimeZone>) {
    for it in all {
        let words = news(it, zone(job_of(it)).unwrap_or(&TimeZone::UTC));
        if is_trouble(it) {
            console.warn(&words);
        } else {
            console.detail(&words);
        }
    }
    let held = all.iter().filter(|it| matches!(it, News::Held { .. })).count();
    if held > 0 {
        console.warn(&format!(
            "{held} missed times are held, because they are many at once; see them with: vitally-script jobs held, \
             run them with: vitally-script jobs release, leave them out with: vitally-script jobs release --discard"
        ));
    }
}

/// The job that news is about.
pub fn job_of(news: &News) -> &str {
    match news {
        News::Ended { job, .. }
        | News::Again { job, .. }
        | News::Passed { job, .. }
        | News::Held { job, .. }
        | News::Paused { job, .. }
        | News::WentBack { job, .. } => job,
    }
}

/// Whether somebody should look at it.
pub fn is_trouble(news: &News) -> bool {
    !matches!(
        news,
        News::Ended { outcome: TickOutcome::Ok, failures: (0, _), .. }
            | News::Held { .. }
            | News::Passed { outcome: TickOutcome::SkippedPaused, .. }
    )
}

/// News in words.
pub fn news(news: &News, zone: &TimeZone) -> String {
    let because =
        |error: &Option<String>| error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    match news {
        News::Ended { job, tick, outcome, error, failures } => {
            let at = at_zone(*tick, zone);
            match (outcome, failures) {
                (TickOutcome::Ok, (0, _)) => format!("{job}: done for {at}"),
                (TickOutcome::Ok, (before, _)) => {
                    format!("{job}: runs again after {before} failed; done for {at}")
                }
                (_, (_, after)) if *after > 1 => {
                    format!("{job}: {} for {at}, {after} times in a row{}", fate(*outcome), because(error))
                }
                _ => format!("{job}: {} for {at}{}", fate(*outcome), because(error)),
            }
        }
        News::Again { job, tick, after, error } => {
            let seconds = i64::try_from(after.as_secs().max(1)).unwrap_or(i64::MAX);
            let at = at_zone(*tick, zone);
            format!("{job}: failed for {at}, tried again in {}{}", length::words(seconds), because(error))
        }
        News::Passed { job, first, last, count, outcome } => {
            let why = match outcome {
                TickOutcome::SkippedOverlap => "left out, because the run before still went on",
                TickOutcome::SkippedPaused => "left out, because it is paused",
                _ => "missed, because nothing was there to run it",
            };
            match count {
                1 => format!("{job}: {} was {why}", at_zone(*first, zone)),
                count => {
                    let (first, last) = (at_zone(*first, zone), at_zone(*last, zone));
                    format!("{job}: {count} times from {first} to {last} were {why}")
                }
            }
        }
        News::Held { job, tick } => format!("{job}: {} was missed, and is held", at_zone(*tick, zone)),
        News::Paused { job, why } => {
            format!("{job}: paused ({why}); vitally-script jobs resume {job} lets it go on")
        }
        News::WentBack { job, to } => {
            format!("{job}: the clock was set back; it goes on from {}", at_zone(*to, zone))
        }
    }
}

/// How a tick ended, after "it was".
pub fn fate(outcome: TickOutcome) -> &'static str {
    match outcome {
        TickOutcome::Waiting => "waiting",
        TickOutcome::Held => "held",
        TickOutcome::Running => "running",
        TickOutcome::Ok => "done",
        TickOutcome::Failed => "failed",
        TickOutcome::Timeout => "stopped, because it took too long,",
        TickOutcome::Cancelled => "stopped for the next run",
        TickOutcome::Interrupted => "cut off",
        TickOutcome::SkippedOverlap | TickOutcome::SkippedPaused => "skipped",
        TickOutcome::Missed => "missed",
    }
}
