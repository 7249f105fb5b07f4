//! Schedules.

mod against_minutes;
mod command;
mod kept;
mod life;
mod lives;
mod meaning;
mod mistakes;
mod own;
#[cfg(unix)]
mod project;
mod remarks;
mod rules;
mod serve;
mod summer_time;
mod words;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vitally_script::schedule::Crontab;

/// A schedule that must be understood.
fn crontab(text: &str) -> Crontab {
    Crontab::parse(text)
        .unwrap_or_else(|mistake| panic!("\"{text}\": {} ({})", mistake.message, mistake.help))
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect(name)
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// The next times as the zone's clock shows them: `2026-11-25 06:00`, with seconds if there are any.
fn next(text: &str, zone_name: &str, after: &str, count: usize) -> Vec<String> {
    let zone = zone(zone_name);
    let crontab = crontab(text);
    crontab
        .upcoming(moment(after), &zone)
        .take(count)
        .map(|at| {
            let local = at.to_zoned_datetime(zone.clone());
            let pattern = if local.second() == 0 { "%Y-%m-%d %H:%M %z" } else { "%Y-%m-%d %H:%M:%S %z" };
            local.strftime(pattern).to_string()
        })
        .collect()
}
