//! Changes as lines: one for every field, as `runs show`, `history` and `plan show` write them.

use super::{Console, form};
use crate::catalogue::Effect;
use crate::cli::Format;
use crate::gate::before::field_changes;
use crate::gate::{Change, Status};
use crate::show;
use jiff::Timestamp;
use serde_json::{Value, json};

/// One change, with what became of it.
pub struct Line<'a> {
    /// The run, if there was one.
    pub run: Option<&'a str>,
    /// The change.
    pub change: &'a Change,
    /// What became of it.
    pub status: Status,
    /// Why.
    pub reason: Option<&'a str>,
    /// When it was written down.
    pub at: Option<Timestamp>,
}

impl Line<'_> {
    /// An object for every field that the change gives another value; one without a field for a delete.
    pub fn fields(&self) -> Vec<Value> {
        let change = self.change;
        let mut fields: Vec<(Value, Value, Value)> = field_changes(change)
            .into_iter()
            .map(|(field, before, after)| (field.into(), before, after))
            .collect();
        if fields.is_empty() {
            fields.push((Value::Null, Value::Null, Value::Null));
        }
        let line = |(field, before, after)| {
            json!({
                "run": self.run,
                "object": change.object,
                "id": change.id,
                "name": name_of(change),
                "field": field,
                "before": before,
                "after": after,
                "status": self.status.word(),
                "script": change.script,
                "line": change.line,
                "action": change.action,
                "reason": self.reason,
                "at": self.at.map(|at| at.to_string()),
            })
        };
        fields.into_iter().map(line).collect()
    }

    /// The lines of a table: records that are made or deleted take one, whatever they hold.
    fn rows(&self, columns: &[&str]) -> Vec<Vec<Value>> {
        let word = match self.change.effect() {
            Some(Effect::Create) => Some("(new)"),
            Some(Effect::Delete) => Some("(deleted)"),
            _ => None,
        };
        let mut fields = self.fields();
        if let Some(word) = word {
            fields.truncate(1);
            for line in &mut fields {
                (line["field"], line["before"], line["after"]) = (word.into(), Value::Null, Value::Null);
            }
        }
        let cell = |line: &Value, column: &str| match column {
            "where" => format!("{}:{}", self.change.script, self.change.line).into(),
            "at" => self.at.map_or(Value::Null, |at| at.strftime("%Y-%m-%d %H:%M").to_string().into()),
            _ => line[column].clone(),
        };
        fields.iter().map(|line| columns.iter().map(|column| cell(line, column)).collect()).collect()
    }
}

/// Columns of a table that are left out where they have nothing to say.
const OPTIONAL: &[&str] = &["reason", "where", "at"];

/// Writes lines in a form; `columns` are those of a table.
pub fn write<'a>(console: &Console, lines: impl Iterator<Item = Line<'a>>, columns: &[&str], format: Format) {
    if format != Format::Table {
        let all: Value = lines.flat_map(|line| line.fields()).collect();
        return form::write(console, &all, None, format);
    }
    let rows: Vec<Vec<Value>> = lines.flat_map(|line| line.rows(columns)).collect();
    let filled: Vec<usize> = (0..columns.len())
        .filter(|at| !OPTIONAL.contains(&columns[*at]) || rows.iter().any(|row| !row[*at].is_null()))
        .collect();
    let names: Vec<String> = filled.iter().map(|at| columns[*at].to_string()).collect();
    let rows: Vec<Vec<Value>> =
        rows.into_iter().map(|row| filled.iter().map(|at| row[*at].clone()).collect()).collect();
    console.line(&table(names, rows, console.width()));
}

/// Changed fields as a table. Where not everything has room, a first column in which all agree goes last: what a field
/// becomes must not be what is left out.
pub fn table(mut columns: Vec<String>, mut rows: Vec<Vec<Value>>, width: Option<usize>) -> String {
    let whole = show::table(&columns, &rows, None);
    let fits = |width| whole.lines().all(|line| show::width_of(line) <= width);
    let is_shared = rows.windows(2).all(|pair| pair[0][0] == pair[1][0]);
    if is_shared && !width.is_none_or(fits) {
        columns.rotate_left(1);
        for row in &mut rows {
            row.rotate_left(1);
        }
    }
    show::table(&columns, &rows, width)
}

/// What people know the record by.
pub fn name_of(change: &Change) -> Option<String> {
    let given = || {
        let after = change.after.as_ref()?;
        ["name", "subject", "email", "title"].iter().find_map(|key| after.get(*key)?.as_str())
    };
    let known = change.name.as_deref().or_else(given).or(change.external_id.as_deref());
    known.or(change.id.as_deref()).map(ToString::to_string)
}
