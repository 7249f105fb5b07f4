//! Texts from templates: files with gaps that a script fills.

use super::super::host::Host;
use super::super::list::List;
use super::super::raise::{Raised, mistake};
use super::super::value;
use super::super::words::described;
use super::{Entry, entry};
use crate::files::{self, template};
use rhai::{Array, Dynamic, Engine, Map};
use serde_json::{Map as Fields, Value};
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "template",
        "template(path, #{ name: value })",
        "The text of a file whose gaps {{ name }} are filled, with {% for row in rows %} and {% if … %} as Jinja has them. \
         What goes into an .html file is escaped; a name that was not given is an error",
        "if arg(\"mail\", false) {\n    \
         print(template(\"mail.html\", #{ account: accounts().first(), tasks: tasks().take(3) }));\n}",
    ),
    entry(
        "fill",
        "fill(text, #{ name: value })",
        "The same with a template that stands in the script",
        "print(fill(\"Hello {{ name }}, you have {{ tasks | length }} tasks.\", #{ name: \"Dana\", tasks: tasks().take(3) }));",
    ),
];

/// The name of a template that stands in a script.
const OWN: &str = "the template";

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let reader = Rc::clone(host);
    engine.register_fn("template", move |path: &str, data: Dynamic| -> Result<String, Raised> {
        let (name, bytes) = files::read(&reader.files, path)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| mistake(format!("{name} is not text"), "save the template as UTF-8"))?;
        Ok(template::fill(&name, text.trim_start_matches('\u{feff}'), &plain(&data, "template")?)?)
    });
    engine.register_fn("fill", |text: &str, data: Dynamic| -> Result<String, Raised> {
        Ok(template::fill(OWN, text, &plain(&data, "fill")?)?)
    });
}

/// The data of a template; lists in it are read now.
fn plain(data: &Dynamic, function: &str) -> Result<Value, Raised> {
    let Some(map) = data.read_lock::<Map>() else {
        return Err(mistake(
            format!("{function} needs a map of names and values, and got {}", described(data)),
            "such as #{ account: account, rows: rows }",
        ));
    };
    let mut fields = Fields::new();
    for (name, given) in map.iter() {
        let given = match given.read_lock::<List>() {
            Some(list) => value::to_json(&list.items().collect::<Result<Array, _>>()?.into())?,
            None => value::to_json(given)?,
        };
        fields.insert(name.to_string(), given);
    }
    Ok(Value::Object(fields))
}
