//! The parts of a crontab: second, minute, hour, day, month, weekday, year.

/// Which field of a crontab it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// 0 to 59.
    Second,
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// The day of the month, 1 to 31.
    Day,
    /// 1 to 12, or a name.
    Month,
    /// 0 to 7 or a name; 0 and 7 are Sunday.
    Weekday,
    /// 1970 to 2100.
    Year,
}

/// The months from 1.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The weekdays from 0, which is Sunday, to 7, which is Sunday again.
pub const WEEKDAYS: [&str; 8] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Part {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Part::Second => "second",
            Part::Minute => "minute",
            Part::Hour => "hour",
            Part::Day => "day of the month",
            Part::Month => "month",
            Part::Weekday => "weekday",
            Part::Year => "year",
        }
    }

    /// The lowest and the highest number that may be typed.
    pub fn bounds(self) -> (u16, u16) {
        match self {
            Part::Second | Part::Minute => (0, 59),
            Part::Hour => (0, 23),
            Part::Day => (1, 31),
            Part::Month => (1, 12),
            Part::Weekday => (0, 7),
            Part::Year => (1970, 2100),
        }
    }

    /// How many different values there are.
    pub fn count(self) -> usize {
        let (low, high) = self.bounds();
        usize::from(high - low) + usize::from(self != Part::Weekday)
    }

    /// The number of a name such as `MON`, `tues` or `September`: at least the first three letters of it.
    pub fn named(self, text: &str) -> Option<u16> {
        let (names, first): (&[&str], u16) = match self {
            Part::Month => (&MONTHS, 1),
            Part::Weekday => (&WEEKDAYS[..7], 0),
            _ => return None,
        };
        let lower = text.to_ascii_lowercase();
        let lower = lower.strip_suffix('.').unwrap_or(&lower);
        let at =
            names.iter().position(|name| lower.len() >= 3 && name.to_ascii_lowercase().starts_with(lower))?;
        u16::try_from(at).ok().map(|at| at + first)
    }

    /// The short names, for advice.
    pub fn short_names(self) -> &'static [&'static str] {
        match self {
            Part::Month => {
                &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
            }
            Part::Weekday => &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
            _ => &[],
        }
    }
}
