//! Which column goes to which field: by its name, whatever its spaces and capitals, or as `--set` says.

use super::sheet::Sheet;
use super::traits::{Trait, Traits};
use crate::catalogue::{Action, Effect, Field, Kind, Object};
use crate::cli::Bulk;
use crate::error::Error;
use crate::script::words::did_you_mean;

/// Where the cells of a column go.
#[derive(Clone, Debug)]
pub enum Target {
    /// A field of the object.
    Field(&'static Field),
    /// A trait.
    Trait(Trait),
}

impl Target {
    /// The name people know it by: `name`, `traits.plan`.
    pub fn name(&self) -> String {
        match self {
            Target::Field(field) => field.name.into(),
            Target::Trait(found) => format!("traits.{}", found.key),
        }
    }
}

/// A column that is used.
pub struct Column {
    /// Its place in the file, from 0.
    pub place: usize,
    /// Where its cells go.
    pub target: Target,
}

/// What the columns of a file are used for.
pub struct Columns {
    /// The field that says which record a row is about.
    pub key: String,
    /// Its column; none where a create looks for nothing.
    pub key_place: Option<usize>,
    /// The columns that are written.
    pub written: Vec<Column>,
    /// Every row must name its record.
    pub needs_key: bool,
    /// Columns that are not used, and why.
    pub unused: Vec<(String, String)>,
}

/// What a name means.
enum Meaning {
    Target(Target),
    /// A field that cannot be set, and why.
    Fixed(String),
    Unknown(String),
}

/// Matches the columns of a file.
pub fn matched(
    sheet: &Sheet,
    object: &'static Object,
    action: &'static Action,
    traits: &Traits,
    options: &Bulk,
) -> Result<Columns, Error> {
    let meaning = |name: &str| meaning(name, object, action, traits);
    let place = |name: &str| place(sheet, name);
    let mut said = Vec::new();
    for (field, column) in &options.set {
        let at = place(column).ok_or_else(|| no_column(sheet, column))?;
        said.push((field.as_str(), at));
    }
    for column in &options.skip {
        place(column).ok_or_else(|| no_column(sheet, column))?;
    }
    let creates = action.effect == Effect::Create;
    let key = options.key.as_deref().unwrap_or("externalId");
    let key = known_key(object, key).ok_or_else(|| no_key(object, key))?;
    let set_place = said.iter().find(|(field, _)| plain(field) == plain(&key)).map(|(_, place)| *place);
    let key_place = set_place.or_else(|| place(&key)).or_else(|| {
        let found = key.strip_prefix("traits.").map(plain)?;
        sheet.columns.iter().position(|column| plain(column) == found)
    });
    if key_place.is_none() && (!creates || options.key.is_some()) {
        let near = did_you_mean(&key, sheet.columns.iter().map(String::as_str));
        return Err(Error::usage(
            format!("{} has no column \"{key}\", by which records are to be found{near}", sheet.name),
            format!("it has: {}. Name the column with --set {key}=COLUMN", sheet.columns.join(", ")),
        ));
    }
    let mut columns = Columns {
        key: key.clone(),
        key_place,
        written: Vec::new(),
        needs_key: !creates || options.key.is_some(),
        unused: Vec::new(),
    };
    for (at, name) in sheet.columns.iter().enumerate() {
        let by_set: Vec<&str> =
            said.iter().filter(|(_, place)| *place == at).map(|(field, _)| *field).collect();
        if options.skip.iter().any(|skipped| place(skipped) == Some(at)) {
            columns.unused.push((name.clone(), "left out with --skip".into()));
            continue;
        }
        let taken = said.iter().any(|(field, place)| *place != at && plain(field) == plain(name));
        let names = match by_set.as_slice() {
            [] if taken => {
                columns.unused.push((name.clone(), "--set names another column for it".into()));
                continue;
            }
            [] => vec![name.as_str()],
            names => names.to_vec(),
        };
        for field in names {
            if key_place == Some(at) && !creates && (by_set.is_empty() || plain(field) == plain(&key)) {
                continue;
            }
            match meaning(field) {
                Meaning::Target(target) => columns.written.push(Column { place: at, target }),
                Meaning::Fixed(why) | Meaning::Unknown(why) if by_set.is_empty() => {
                    columns.unused.push((name.clone(), why));
                }
                Meaning::Fixed(why) | Meaning::Unknown(why) => {
                    let help = format!("`vitally-script fields {}` lists its fields", object.name);
                    return Err(Error::usage(format!("--set {field}={name}: {why}"), help));
                }
            }
        }
    }
    if action.effect == Effect::Delete {
        columns.written.clear();
        columns.unused.clear();
        return Ok(columns);
    }
    once_each(sheet, &columns.written)?;
    if columns.written.is_empty() {
        return Err(nothing_to_write(sheet, object, &columns));
    }
    Ok(columns)
}

fn once_each(sheet: &Sheet, written: &[Column]) -> Result<(), Error> {
    for (at, column) in written.iter().enumerate() {
        let name = column.target.name();
        if let Some(other) = written[..at].iter().find(|other| other.target.name() == name) {
            let (one, two) = (&sheet.columns[other.place], &sheet.columns[column.place]);
            return Err(Error::usage(
                format!("the columns \"{one}\" and \"{two}\" both go to {name}"),
                format!("leave one out: --skip \"{two}\""),
            ));
        }
    }
    Ok(())
}

fn nothing_to_write(sheet: &Sheet, object: &Object, columns: &Columns) -> Error {
    let whys: Vec<String> = columns.unused.iter().map(|(name, why)| format!("{name}: {why}")).collect();
    let why = if whys.is_empty() { String::new() } else { format!(" ({})", whys.join("; ")) };
    Error::usage(
        format!("no column of {} goes to a field of {}{why}", sheet.name, object.name),
        format!(
            "name columns like fields (`vitally-script fields {}`), like traits, or say --set traits.plan=COLUMN",
            object.name
        ),
    )
}

/// The field or trait by which records are found, as it is spelt.
fn known_key(object: &Object, typed: &str) -> Option<String> {
    if let Some(key) = typed.strip_prefix("traits.") {
        return Some(format!("traits.{key}"));
    }
    let field = object.fields.iter().find(|field| plain(field.name) == plain(typed))?;
    let comparable = matches!(field.kind, Kind::Id | Kind::Text | Kind::Number | Kind::Integer);
    (field.access.read && comparable).then(|| field.name.into())
}

fn no_key(object: &Object, typed: &str) -> Error {
    let names = object.fields.iter().filter(|field| known_key(object, field.name).is_some());
    let names: Vec<&str> = names.map(|field| field.name).collect();
    let near = did_you_mean(typed, names.iter().copied());
    Error::usage(
        format!("{} cannot be found by \"{typed}\"{near}", object.name.replace('_', " ")),
        format!("--match can be: {}, or traits.KEY", names.join(", ")),
    )
}

fn no_column(sheet: &Sheet, name: &str) -> Error {
    let near = did_you_mean(name, sheet.columns.iter().map(String::as_str));
    Error::usage(
        format!("{} has no column \"{name}\"{near}", sheet.name),
        format!("it has: {}", sheet.columns.join(", ")),
    )
}

fn place(sheet: &Sheet, name: &str) -> Option<usize> {
    let exact = sheet.columns.iter().position(|column| column == name);
    exact.or_else(|| sheet.columns.iter().position(|column| plain(column) == plain(name)))
}

fn meaning(name: &str, object: &'static Object, action: &Action, traits: &Traits) -> Meaning {
    let has_traits = object.field("traits").is_some();
    if let Some(key) = name.strip_prefix("traits.").filter(|_| has_traits) {
        return Meaning::Target(Target::Trait(traits.find(key).unwrap_or_else(|| Trait::new(key))));
    }
    let field = object.fields.iter().find(|field| plain(field.name) == plain(name));
    if let Some(field) = field {
        let may = if action.effect == Effect::Create { field.access.create } else { field.access.update };
        let nested = matches!(field.kind, Kind::Traits | Kind::One(_) | Kind::Many(_) | Kind::Any);
        if may && !nested {
            return Meaning::Target(Target::Field(field));
        }
        if field.doc.contains("the trait of that name") {
            let found = traits.find(field.name);
            return Meaning::Target(Target::Trait(found.unwrap_or_else(|| Trait::like(field))));
        }
        if !traits.has(name) {
            let why = match nested {
                true => "it holds more than a cell can say".to_string(),
                false if field.access.create => "it can only be set when a record is made".to_string(),
                false => format!("Vitally does not let it be set: {}", field.doc),
            };
            return Meaning::Fixed(why);
        }
    }
    if let Some(found) = traits.find(name) {
        return Meaning::Target(Target::Trait(found));
    }
    let names = object.fields.iter().map(|field| field.name).chain(traits.names());
    Meaning::Unknown(format!("no field or trait has this name{}", did_you_mean(name, names)))
}

/// A name without its spaces, signs and capitals.
pub fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
