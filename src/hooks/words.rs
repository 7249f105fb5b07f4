//! What hooks say to people.

use crate::catalogue;
use crate::error::Error;
use crate::script::hooks::HookSpec;
use crate::script::thing::spoken;
use crate::store::hooks::Hook;
use std::time::Duration;

/// Where words go.
pub trait Words: Send + Sync {
    /// Something worth knowing.
    fn say(&self, line: &str);
    /// Something to look at.
    fn warn(&self, line: &str);
    /// Only for those who asked to hear more.
    fn detail(&self, line: &str);
    /// An error with its place.
    fn report(&self, error: &Error);
    /// A question that is answered with yes or no.
    fn ask(&self, question: &str) -> bool;
}

/// What records of a kind are called, such as `custom object instances`.
pub fn plural_of(object: &str) -> String {
    let list = catalogue::object(object).and_then(|object| object.lists.first());
    list.map_or_else(|| spoken(object), |list| spoken(list.name))
}

/// What is listened to, since when, and how to stop.
pub fn listening(specs: &[HookSpec], hooks: &[Hook], once: bool) -> Vec<String> {
    let mut lines = vec![if once { "looking once for:".to_string() } else { "listening to:".to_string() }];
    for spec in specs {
        let known = hooks.iter().find(|hook| hook.name == spec.name && hook.trigger == spec.trigger.name);
        let since = known.and_then(|hook| hook.since);
        let since = since.map_or("from now on".to_string(), |since| {
            format!("since {}", since.strftime("%Y-%m-%d %H:%M:%S UTC"))
        });
        let every = spec.every.unwrap_or(super::listen::EVERY);
        let named = if spec.name == spec.trigger.name { String::new() } else { format!(" ({})", spec.name) };
        let often = if once { String::new() } else { format!(", every {}", length(every)) };
        lines.push(format!("  {}{named}, {since}{often}", spec.trigger.name));
    }
    if !once {
        lines.push("Ctrl-C stops; what happens meanwhile is handled when it runs again".into());
    }
    lines
}

/// A length of time in whole seconds or minutes.
pub fn length(length: Duration) -> String {
    match length.as_secs() {
        seconds if seconds >= 120 && seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

/// That too many events came at once.
pub fn held_words(object: &str, count: u64, brake: u64) -> String {
    format!("{count} events of {} came at once, more than {brake}", plural_of(object))
}
