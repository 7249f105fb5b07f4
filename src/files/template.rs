//! Texts with gaps: `{{ name }}`, `{% for row in rows %}`, `{% if … %}`, as Jinja has them.

use super::Trouble;
use crate::script::words::did_you_mean;
use minijinja::value::Serde;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value as Filled, escape_formatter,
};
use serde_json::Value;
use std::io::{self, Write};

/// The most steps that filling takes: a loop in a loop in a loop ends.
const FUEL: u64 = 20_000_000;
/// The most bytes of a filled template.
const LARGEST: usize = 16 * 1024 * 1024;

/// Fills a template. What goes into one whose name ends in .html is escaped; an empty value leaves an empty gap, and a
/// name that the data has not is an error.
pub fn fill(name: &str, text: &str, data: &Value) -> Result<String, Trouble> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    environment.set_auto_escape_callback(|name| {
        let name = name.to_lowercase();
        let html = [".html", ".htm"].iter().any(|end| name.ends_with(end));
        if html { AutoEscape::Html } else { AutoEscape::None }
    });
    environment.set_formatter(
        |out, state, value| {
            if value.is_none() { Ok(()) } else { escape_formatter(out, state, value) }
        },
    );
    let mut filled = Bounded::default();
    let done = environment
        .template_from_named_str(name, text)
        .and_then(|template| template.render_captured_to(Filled::from(Serde(data)), &mut filled).map(drop));
    if filled.over {
        return Err(Trouble::file(
            format!("{name} becomes larger than {} MB", LARGEST / 1024 / 1024),
            "put less into it; look whether a loop stands in another one",
        ));
    }
    done.map_err(|error| explained(name, text, data, &error))?;
    String::from_utf8(filled.bytes)
        .map_err(|_| Trouble::file(format!("{name} is not text"), "save it as UTF-8"))
}

/// What is written so far, up to a limit.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    over: bool,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > LARGEST {
            self.over = true;
            return Err(io::Error::other("too much"));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn explained(name: &str, text: &str, data: &Value, error: &Error) -> Trouble {
    let place = error.line().map_or_else(|| name.to_string(), |line| format!("{name}, line {line}"));
    let written = error.range().and_then(|range| text.get(range)).unwrap_or_default().trim();
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => {
            let known = data.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            let near = did_you_mean(written, known);
            let what = if written.is_empty() { "a value".to_string() } else { format!("\"{written}\"") };
            Trouble::file(
                format!("{place}: {what} is not in the data{near}"),
                "give it to template(…); where it may be missing, write {{ name | default(\"-\") }}",
            )
        }
        ErrorKind::UnknownFilter => Trouble::file(
            format!("{place}: there is no such filter: {written}"),
            "filters are upper, lower, title, trim, replace, join, length, default, first, last, sort, round and others of \
             Jinja; make other values in the script before",
        ),
        ErrorKind::OutOfFuel => Trouble::file(
            format!("{place}: filling it takes too long"),
            "look whether a loop stands in another one",
        ),
        ErrorKind::SyntaxError => Trouble::file(
            format!("{place}: {}", if detail.is_empty() { "this cannot be read" } else { detail }),
            "gaps look like {{ name }}, loops like {% for row in rows %} … {% endfor %}",
        ),
        _ => Trouble::file(
            format!("{place}: {}", if detail.is_empty() { "this does not work" } else { detail }),
            "look at this line of the template",
        ),
    }
}
