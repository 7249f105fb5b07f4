//! `export OBJECT`: a whole list, streamed.

use super::progress::grouped;
use super::rows::Rows;
use super::session::Session;
use super::{Context, object, signals};
use crate::catalogue::{self, List, Object};
use crate::cli::{Export, Format};
use crate::error::Error;
use crate::exit;
use crate::script::words::did_you_mean;
use crate::script::{self, Script};
use crate::stop::Reason;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes a whole list without ever holding it.
pub fn run(context: &Context, options: &Export) -> Result<u8, Error> {
    let object = object::named(&options.object)?;
    let list = object.lists.iter().find(|list| list.name == options.object).or(object.lists.first());
    let list = list.ok_or_else(|| {
        Error::usage(
            format!("Vitally has no list of {}s", object.name),
            "messages are part of their conversation: export conversations",
        )
    })?;
    let format = match context.console.format_or(Format::Csv) {
        Format::Table => {
            return Err(Error::usage("export writes data, not tables", "choose -o csv, json or jsonl"));
        }
        format => format,
    };
    let call = call(list, options)?;
    let columns = columns(object, options, format)?;
    let session = Session::open(context)?;
    session.introduce();
    signals::deadline(&context.stop, options.timeout);
    let script = script(object, &call, options.condition.as_deref(), session.settings.root.clone())?;
    let (out, target) = Target::open(options.out.as_deref())?;
    let mut rows = Rows::new(out, format, columns);
    let mut failed: Option<io::Error> = None;
    let mut each = |record: Value| {
        failed = rows.push(&record).err();
        failed.is_none()
    };
    let streamed = script::stream(&script, session.host(session.files(&[])?, true), &mut each);
    context.console.end_progress();
    let written = failed.map_or(Ok(()), Err).and_then(|()| {
        // What is unfinished must not look finished.
        if streamed.is_ok() { rows.finish() } else { Ok(()) }
    });
    let count = rows.count();
    drop(rows);
    let result = streamed.and_then(|_| written.map_err(|cause| target.error(cause)));
    if let Err(error) = result {
        target.discard();
        return Err(error);
    }
    if let Some(path) = target.keep()? {
        context.console.say(&format!(
            "{} {} written to {}",
            grouped(count),
            list.name.replace('_', " "),
            path.display()
        ));
    }
    Ok(exit::DONE)
}

/// The call of the list function, with its filters checked here, where the flags can be named.
fn call(list: &List, options: &Export) -> Result<String, Error> {
    let mut inputs = Vec::new();
    match (list.parent, &options.parent) {
        (Some(_), Some(parent)) => inputs.push(quoted(parent)),
        (Some(parent), None) => {
            return Err(Error::usage(
                format!("{} belong to a {}, and none was named", list.name, parent.replace('_', " ")),
                match catalogue::object(parent).and_then(|object| object.lists.first()) {
                    _ if parent == "model" => "add --parent with the model, such as accounts".to_string(),
                    Some(list) => {
                        format!("add --parent with its id; vitally-script export {} lists them", list.name)
                    }
                    None => "add --parent with its id".to_string(),
                },
            ));
        }
        (None, Some(_)) => {
            return Err(Error::usage(
                format!("{} need no --parent", list.name),
                "narrow them with --filter, such as --filter account=ID, or with --where",
            ));
        }
        (None, None) => {}
    }
    let keys = list.keys();
    let mut entries = Vec::new();
    for (key, value) in &options.filters {
        if !keys.contains(&key.as_str()) {
            let near = did_you_mean(key, keys.iter().copied());
            let help = match keys.as_slice() {
                [] => "it has none; use --where for anything else".to_string(),
                keys => format!("it has: {}; use --where for anything else", keys.join(", ")),
            };
            return Err(Error::usage(format!("{} has no filter \"{key}\"{near}", list.name), help));
        }
        let values =
            list.filters.iter().find(|filter| filter.name == key).map_or(&[][..], |filter| filter.values);
        if !values.is_empty() && !values.contains(&value.as_str()) {
            let near = did_you_mean(value, values.iter().copied());
            return Err(Error::usage(
                format!("the filter {key} cannot be \"{value}\"{near}"),
                format!("it can be: {}", values.join(", ")),
            ));
        }
        entries.push(format!("{}: {}", quoted(key), quoted(value)));
    }
    if !entries.is_empty() {
        inputs.push(format!("#{{ {} }}", entries.join(", ")));
    }
    Ok(format!("{}({})", list.name, inputs.join(", ")))
}

/// A text as a script writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn script(object: &Object, call: &str, condition: Option<&str>, root: PathBuf) -> Result<Script, Error> {
    let (name, text, hidden_lines) = match condition {
        Some(code) if code.trim().is_empty() => {
            return Err(Error::usage("--where is empty", "such as --where 'account.healthScore < 5'"));
        }
        Some(code) => ("--where", format!("{call}.filter(|{}|\n{code}\n)", object.name), 1),
        None => ("export", call.to_string(), 0),
    };
    Ok(Script { name: name.into(), text, path: None, root, hidden_lines })
}

/// The columns that were asked for; for CSV, every field of the object if none were.
fn columns(object: &'static Object, options: &Export, format: Format) -> Result<Vec<String>, Error> {
    let readable = || object.fields.iter().filter(|field| field.access.read).map(|field| field.name);
    if options.columns.is_empty() {
        return Ok(if format == Format::Csv { readable().map(str::to_string).collect() } else { Vec::new() });
    }
    for column in &options.columns {
        let head = column.split('.').next().unwrap_or_default();
        if !readable().any(|name| name == head) {
            let near = did_you_mean(head, readable());
            return Err(Error::usage(
                format!(
                    "{} have no column \"{column}\"{near}",
                    object.lists.first().map_or("they", |l| l.name)
                ),
                format!(
                    "the columns are: {}; your own fields are traits.KEY",
                    readable().collect::<Vec<_>>().join(", ")
                ),
            ));
        }
    }
    Ok(options.columns.clone())
}

/// Where the rows go: stdout, or a file that appears only when it is whole.
enum Target {
    Stdout,
    Direct(PathBuf),
    Whole { part: PathBuf, path: PathBuf },
}

impl Target {
    fn open(path: Option<&Path>) -> Result<(Box<dyn Write + Send>, Target), Error> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok((Box::new(BufWriter::new(io::stdout())), Target::Stdout));
        };
        let special = path.exists() && !path.is_file();
        let (file, target) = if special {
            (path.to_path_buf(), Target::Direct(path.into()))
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let part = path.with_file_name(format!(".{name}.part"));
            (part.clone(), Target::Whole { part, path: path.into() })
        };
        match File::create(&file) {
            Ok(file) => Ok((Box::new(BufWriter::new(file)), target)),
            Err(cause) => Err(Error::File { path: path.into(), doing: "write", cause }),
        }
    }

    fn error(&self, cause: io::Error) -> Error {
        if cause.kind() == ErrorKind::BrokenPipe {
            return Error::Stopped(Reason::PipeClosed);
        }
        let path = match self {
            Target::Stdout => "standard output".into(),
            Target::Direct(path) | Target::Whole { path, .. } => path.clone(),
        };
        Error::File { path, doing: "write", cause }
    }

    fn discard(&self) {
        if let Target::Whole { part, .. } = self {
            // The unfinished file is only in the way.
            let _ = std::fs::remove_file(part);
        }
    }

    fn keep(self) -> Result<Option<PathBuf>, Error> {
        match self {
            Target::Stdout => Ok(None),
            Target::Direct(path) => Ok(Some(path)),
            Target::Whole { part, path } => match std::fs::rename(&part, &path) {
                Ok(()) => Ok(Some(path)),
                Err(cause) => Err(Error::File { path, doing: "write", cause }),
            },
        }
    }
}
