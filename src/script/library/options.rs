//! What a script says about a file in a `#{ … }`.

use super::super::raise::{Raised, mistake};
use super::super::words::{described, did_you_mean};
use super::cells::{TYPES, Type};
use crate::files::csv;
use encoding_rs::Encoding;
use rhai::{Array, Dynamic, Map};

/// What `read_csv` can be told.
#[derive(Default)]
pub struct Reading {
    /// How the file is written.
    pub csv: csv::Options,
    /// The types of columns that are not to stay text.
    pub types: Vec<(String, Type)>,
    /// The columns to keep, in this order; all of them if it is not said.
    pub columns: Option<Vec<String>>,
}

/// What `write_csv` can be told.
#[derive(Default)]
pub struct Writing {
    /// The columns to write, in this order; all of them if it is not said.
    pub columns: Option<Vec<String>>,
    /// Whether a byte order mark comes first.
    pub mark: bool,
}

impl Reading {
    /// Reads the options of `read_csv`.
    pub fn of(options: &Map) -> Result<Reading, Raised> {
        known(options, "read_csv")?;
        let mut reading = Reading { columns: names(options, "columns")?, ..Reading::default() };
        if let Some(value) = options.get("delimiter") {
            reading.csv.delimiter = Some(delimiter(value)?);
        }
        if let Some(value) = options.get("encoding") {
            reading.csv.encoding = Some(encoding(value)?);
        }
        if let Some(value) = options.get("types") {
            let types = value.read_lock::<Map>().ok_or_else(|| {
                mistake(
                    format!("types needs a map, and got {}", described(value)),
                    "such as types: #{ mrr: \"number\" }",
                )
            })?;
            let named = types.iter().map(|(column, word)| Ok((column.to_string(), type_of(word)?)));
            reading.types = named.collect::<Result<_, Raised>>()?;
        }
        Ok(reading)
    }
}

impl Writing {
    /// Reads the options of `write_csv`.
    pub fn of(options: &Map) -> Result<Writing, Raised> {
        known(options, "write_csv")?;
        let mark = match options.get("bom").map(|value| (value, value.as_bool())) {
            None => false,
            Some((_, Ok(mark))) => mark,
            Some((value, Err(_))) => {
                return Err(mistake(
                    format!("bom needs true or false, and got {}", described(value)),
                    "bom: true makes Excel show accents",
                ));
            }
        };
        Ok(Writing { columns: names(options, "columns")?, mark })
    }
}

fn known(options: &Map, function: &str) -> Result<(), Raised> {
    match options.keys().find_map(|key| option_problem(function, key)) {
        None => Ok(()),
        Some((message, help)) => Err(mistake(message, help)),
    }
}

/// Why a function of files does not take an option, and what to do; `None` if it does.
pub fn option_problem(function: &str, name: &str) -> Option<(String, String)> {
    let names: &[&str] = match function {
        "read_csv" => &["delimiter", "encoding", "types", "columns"],
        _ => &["columns", "bom"],
    };
    (!names.contains(&name)).then(|| {
        let near = did_you_mean(name, names.iter().copied());
        (format!("{function} has no option \"{name}\"{near}"), format!("it has: {}", names.join(", ")))
    })
}

/// A list of names under a key.
fn names(options: &Map, key: &str) -> Result<Option<Vec<String>>, Raised> {
    let Some(value) = options.get(key) else { return Ok(None) };
    let text = |item: &Dynamic| item.as_immutable_string_ref().ok().map(|text| text.to_string());
    let names = value.read_lock::<Array>().and_then(|items| items.iter().map(text).collect());
    names.map(Some).ok_or_else(|| {
        mistake(
            format!("{key} needs a list of names, and got {}", described(value)),
            format!("such as {key}: [\"name\", \"mrr\"]"),
        )
    })
}

fn delimiter(value: &Dynamic) -> Result<u8, Raised> {
    let text = value.as_immutable_string_ref().map(|text| text.to_string()).unwrap_or_default();
    match (value.as_char(), text.as_bytes()) {
        (Ok(sign), _) if sign.is_ascii() => Ok(sign as u8),
        (_, [sign]) => Ok(*sign),
        (_, b"tab") => Ok(b'\t'),
        _ => Err(mistake(
            format!("delimiter needs one sign, and got {}", described(value)),
            "such as delimiter: \";\"",
        )),
    }
}

fn encoding(value: &Dynamic) -> Result<&'static Encoding, Raised> {
    let label = value.as_immutable_string_ref().map(|text| text.to_string()).unwrap_or_default();
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        mistake(
            format!("encoding cannot be {}", described(value)),
            "usual ones are \"utf-8\", \"windows-1252\", \"utf-16le\" and \"macintosh\"",
        )
    })
}

fn type_of(word: &Dynamic) -> Result<Type, Raised> {
    let text = word.as_immutable_string_ref().map(|text| text.to_string()).unwrap_or_default();
    TYPES.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind).ok_or_else(|| {
        let names = || TYPES.iter().map(|(name, _)| *name);
        mistake(
            format!("a column cannot have the type {}{}", described(word), did_you_mean(&text, names())),
            format!("it can be: {}", names().collect::<Vec<_>>().join(", ")),
        )
    })
}
