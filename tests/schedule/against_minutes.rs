//! Every next time is compared with a search minute by minute, written from cron's rule and not from our code.

use super::{crontab, zone};
use fastrand::Rng;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

/// Zones with all kinds of changes: whole hours, half an hour, two hours, at midnight, a day left out, none.
const ZONES: &[(&str, &str)] = &[
    ("America/New_York", "2026-01-01T00:00:00Z"),
    ("Europe/London", "2026-01-01T00:00:00Z"),
    ("Europe/Berlin", "2027-01-01T00:00:00Z"),
    ("Australia/Lord_Howe", "2026-01-01T00:00:00Z"),
    ("Pacific/Chatham", "2026-01-01T00:00:00Z"),
    ("Antarctica/Troll", "2026-01-01T00:00:00Z"),
    ("Africa/Cairo", "2026-01-01T00:00:00Z"),
    ("America/Sao_Paulo", "2018-06-01T00:00:00Z"),
    ("Asia/Tehran", "2021-01-01T00:00:00Z"),
    ("Pacific/Apia", "2011-12-01T00:00:00Z"),
];

/// One field as the test makes it: its text and the numbers it means.
struct Made {
    text: String,
    star: bool,
    means: Vec<bool>,
}

/// A random field; `shift` numbers of the same meaning are one (weekday 7 is 0).
fn made(rng: &mut Rng, low: usize, high: usize, star_chance: f64) -> Made {
    let size = high + 1;
    let mut means = vec![false; size];
    if rng.f64() < star_chance {
        let step = if rng.f64() < 0.5 { 1 } else { rng.usize(2..=high) };
        for value in (low..=high).step_by(step) {
            means[value] = true;
        }
        let text = if step == 1 { "*".into() } else { format!("*/{step}") };
        return Made { text, star: true, means };
    }
    let mut text = String::new();
    for index in 0..rng.usize(1..=3) {
        let first = rng.usize(low..=high);
        let last = rng.usize(first..=high);
        let comma = if index == 0 { "" } else { "," };
        let step = rng.usize(1..=5);
        let kind = rng.u8(0..4);
        let (item, last, step) = match kind {
            0 | 1 => (format!("{first}"), first, 1),
            2 => (format!("{first}-{last}"), last, 1),
            _ => (format!("{first}-{last}/{step}"), last, step),
        };
        write!(text, "{comma}{item}").expect("a text");
        for value in (first..=last).step_by(step) {
            means[value] = true;
        }
    }
    Made { text, star: false, means }
}

struct Expression {
    minute: Made,
    hour: Made,
    day: Made,
    month: Made,
    weekday: Made,
}

impl Expression {
    fn random(rng: &mut Rng) -> Expression {
        let minute = made(rng, 0, 59, 0.3);
        let hour = made(rng, 0, 23, 0.4);
        let day = made(rng, 1, 31, 0.7);
        let month = made(rng, 1, 12, 0.9);
        let mut weekday = made(rng, 0, 7, 0.6);
        if weekday.star {
            // `*` goes from 0 to 6: a step may reach 7 in the test's field but not in cron's.
            let step = weekday.text.split_once('/').map_or(1, |(_, step)| step.parse().expect("a step"));
            weekday.means = (0..8).map(|value| value < 7 && value % step == 0).collect();
        }
        weekday.means[0] |= weekday.means[7];
        Expression { minute, hour, day, month, weekday }
    }

    fn text(&self) -> String {
        let parts = [&self.minute, &self.hour, &self.day, &self.month, &self.weekday];
        parts.map(|part| part.text.as_str()).join(" ")
    }

    fn day_fits(&self, at: &Wall) -> bool {
        let (day, weekday) = (self.day.means[at.day], self.weekday.means[at.weekday]);
        let days = if self.day.star || self.weekday.star { day && weekday } else { day || weekday };
        days && self.month.means[at.month]
    }

    fn fits(&self, at: &Wall) -> bool {
        self.minute.means[at.minute] && self.hour.means[at.hour] && self.day_fits(at)
    }

    fn interval(&self) -> bool {
        self.minute.star || self.hour.star
    }
}

/// What the clock on the wall shows, and how many minutes that is from 1970.
#[derive(Clone, Copy)]
struct Wall {
    minutes: i64,
    minute: usize,
    hour: usize,
    day: usize,
    month: usize,
    weekday: usize,
}

impl Wall {
    fn at(minutes: i64) -> Wall {
        let civil = TimeZone::UTC.to_datetime(Timestamp::from_second(minutes * 60).expect("a time"));
        let number = |n: i8| usize::try_from(n).expect("a positive number");
        Wall {
            minutes,
            minute: number(civil.minute()),
            hour: number(civil.hour()),
            day: number(civil.day()),
            month: number(civil.month()),
            weekday: number(civil.weekday().to_sunday_zero_offset()),
        }
    }
}

/// A stretch of time in a zone, minute by minute.
struct Window {
    name: &'static str,
    zone: TimeZone,
    from: i64,
    walls: Vec<Wall>,
}

impl Window {
    fn around(name: &'static str, zone: &TimeZone, at: i64) -> Window {
        let from = at / 60 - 30 * 60;
        let walls = (from..from + 60 * 60)
            .map(|minute| {
                let now = Timestamp::from_second(minute * 60).expect("a time");
                Wall::at(minute + i64::from(zone.to_offset(now).seconds()) / 60)
            })
            .collect();
        Window { name, zone: zone.clone(), from, walls }
    }

    /// The minutes at which cron would run this, looking at one minute after another.
    fn expected(&self, expression: &Expression) -> Vec<i64> {
        let mut latest = self.walls[0].minutes;
        let mut due = Vec::new();
        for (index, wall) in self.walls.iter().enumerate().skip(1) {
            let now = self.from + i64::try_from(index).expect("a small number");
            let runs = if expression.interval() {
                expression.fits(wall)
            } else {
                (latest + 1..=wall.minutes).any(|minutes| {
                    let shown = if minutes == wall.minutes { *wall } else { Wall::at(minutes) };
                    expression.fits(&shown)
                })
            };
            latest = latest.max(wall.minutes);
            if runs {
                due.push(now);
            }
        }
        due
    }
}

fn windows() -> Vec<Window> {
    let mut windows = Vec::new();
    for (name, from) in ZONES {
        let zone = zone(name);
        let from: Timestamp = from.parse().expect("a time");
        for transition in zone.following(from).take(2) {
            windows.push(Window::around(name, &zone, transition.timestamp().as_second()));
        }
    }
    let utc = TimeZone::UTC;
    for end in ["2026-02-28T23:00:00Z", "2024-02-29T01:00:00Z", "2026-12-31T20:00:00Z"] {
        windows.push(Window::around("UTC", &utc, end.parse::<Timestamp>().expect("a time").as_second()));
    }
    windows
}

#[test]
fn the_next_times_are_those_that_a_search_minute_by_minute_finds() {
    let seed = std::env::var("SCHEDULE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_125);
    let mut rng = Rng::with_seed(seed);
    let windows = windows();
    let mut total = 0;
    for _ in 0..160 {
        let expression = Expression::random(&mut rng);
        let text = expression.text();
        let Ok(crontab) = vitally_script::schedule::Crontab::parse(&text) else {
            // Only what never happens may be refused.
            let days = (1..32).any(|day| expression.day.means[day] && day < 29);
            assert!(!days || !expression.day.star, "seed {seed}: \"{text}\" is refused");
            continue;
        };
        for window in &windows {
            let expected = window.expected(&expression);
            let end = window.from + 60 * 60 - 1;
            let start = Timestamp::from_second(window.from * 60).expect("a time");
            let found: Vec<i64> = crontab
                .upcoming(start, &window.zone)
                .map(Timestamp::as_second)
                .take_while(|at| *at <= end * 60)
                .map(|at| {
                    assert_eq!(at % 60, 0, "seed {seed}: \"{text}\" in {}", window.name);
                    at / 60
                })
                .collect();
            let wrong = found.iter().zip(&expected).find(|(a, b)| a != b);
            assert_eq!(found.len(), expected.len(), "seed {seed}: \"{text}\" in {}: {wrong:?}", window.name);
            assert_eq!(found, expected, "seed {seed}: \"{text}\" in {}", window.name);
            // The same from anywhere between, as a program asks that starts in the middle of it.
            for _ in 0..3 {
                let after = rng.i64(window.from * 60..end * 60);
                let wanted = expected.iter().copied().find(|minute| minute * 60 > after);
                let next = crontab.next(Timestamp::from_second(after).expect("a time"), &window.zone);
                if let Some(wanted) = wanted {
                    let next = next.map(Timestamp::as_second);
                    assert_eq!(
                        next,
                        Some(wanted * 60),
                        "seed {seed}: \"{text}\" in {} after {after}",
                        window.name
                    );
                }
            }
            total += expected.len();
        }
    }
    assert!(total >= 100_000, "only {total} times were compared");
}

#[test]
fn a_next_time_is_always_later() {
    let seed = 7;
    let mut rng = Rng::with_seed(seed);
    for _ in 0..2_000 {
        let expression = Expression::random(&mut rng);
        let Ok(crontab) = vitally_script::schedule::Crontab::parse(&expression.text()) else { continue };
        let (name, _) = ZONES[rng.usize(..ZONES.len())];
        let after = Timestamp::new(rng.i64(0..3_000_000_000), rng.i32(0..1_000_000_000)).expect("a time");
        if let Some(next) = crontab.next(after, &zone(name)) {
            assert!(next > after, "seed {seed}: \"{}\" in {name} after {after} is {next}", expression.text());
        }
    }
}

#[test]
fn seconds_and_years_are_found_too() {
    let crontab = crontab("*/20 59 23 31 12 * 2026-2027");
    let found: Vec<String> = crontab
        .upcoming("2026-12-31T23:59:30Z".parse().expect("a time"), &TimeZone::UTC)
        .map(|at| at.to_string())
        .collect();
    assert_eq!(
        found,
        ["2026-12-31T23:59:40Z", "2027-12-31T23:59:00Z", "2027-12-31T23:59:20Z", "2027-12-31T23:59:40Z"]
    );
}
