//! `each(rows, |row| …)`: the rows of an input one by one, their changes sent in the background meanwhile.

use super::super::callback::Callback;
use super::super::diagnose;
use super::super::host::{Host, Rows};
use super::super::list::List;
use super::super::raise::{self, Raised, mistake};
use super::super::record::Record;
use super::super::value;
use super::super::words::{described, did_you_mean};
use super::{Entry, entry};
use crate::error::Message;
use crate::gate::{Bulk, Row, RowEnd};
use crate::tape::Node;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, Map, NativeCallContext};
use serde_json::Value;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "each",
        "each(rows, [#{ key, on_error, label }], |row| …)",
        "Calls the function for every row and sends its changes in the background; a row that fails does not stop \
         the others unless on_error is \"stop\". Gives #{ ok, unchanged, failed, errors, results_file }",
        "print(each(accounts().take(3), |a| update_account(a, #{ traits: #{ checked: true } })).ok);",
    ),
    entry(
        "wait",
        "wait(record)",
        "Inside each: waits until a record that was just created has its real id, and gives it",
        "each([1], |n| { let a = create_account(#{ externalId: \"w-1\", name: \"W\" }); print(wait(a).id.len()); });",
    ),
];

/// What the map of `each` may say.
const OPTIONS: &[&str] = &["key", "on_error", "label"];
/// The most failed rows that are told one by one in the result.
const ERRORS: usize = 1000;

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let own = Rc::clone(host);
    engine.register_fn("each", move |context: NativeCallContext, rows: Dynamic, function: FnPtr| {
        Each::new(&context, &own, &Map::new(), &function)?.run(&rows)
    });
    let own = Rc::clone(host);
    engine.register_fn(
        "each",
        move |context: NativeCallContext, rows: Dynamic, options: Map, function: FnPtr| {
            Each::new(&context, &own, &options, &function)?.run(&rows)
        },
    );
    let own = Rc::clone(host);
    engine.register_fn("wait", move |record: Record| waited(&own, record));
}

fn waited(host: &Host, record: Record) -> Result<Record, Raised> {
    let Some(object) = record.object() else { return Ok(record) };
    let Some(id) = record.id().filter(|id| id.starts_with("new-")) else { return Ok(record) };
    match host.tenant.gate().wait_for(id) {
        Ok(None) => Ok(record),
        Ok(Some(real)) => {
            let mut fields = record.to_value();
            fields["id"] = real.into();
            Record::from_body(fields.to_string().into_bytes(), Some(object))
                .map_err(|cause| mistake(format!("the record cannot be read: {cause}"), "run it again"))
        }
        Err(reason) => Err(raise::raise("failed", format!("the record was not created: {reason}"), None)),
    }
}

/// One call of `each`.
struct Each<'a> {
    host: &'a Host,
    context: &'a NativeCallContext<'a>,
    callback: Callback<'a>,
    key: Option<String>,
    stops: bool,
    label: String,
    counts: Counts,
    /// Why the first rows failed.
    reasons: Vec<String>,
}

/// Of so many failed rows it is told why.
const TOLD: usize = 3;

#[derive(Default)]
struct Counts {
    ok: u64,
    unchanged: u64,
    failed: u64,
    errors: Array,
}

/// Why `each` does not take an option, and what to do; `None` if it does.
pub fn option_problem(name: &str) -> Option<(String, String)> {
    (!OPTIONS.contains(&name)).then(|| {
        let near = did_you_mean(name, OPTIONS.iter().copied());
        (format!("each knows no option \"{name}\"{near}"), format!("it knows: {}", OPTIONS.join(", ")))
    })
}

impl<'a> Each<'a> {
    fn new(
        context: &'a NativeCallContext<'a>,
        host: &'a Host,
        options: &Map,
        function: &FnPtr,
    ) -> Result<Each<'a>, Raised> {
        if let Some((message, help)) = options.keys().find_map(|key| option_problem(key)) {
            return Err(mistake(message, help));
        }
        let text = |name: &str| match options.get(name) {
            None => Ok(None),
            Some(value) => value.as_immutable_string_ref().map(|text| Some(text.to_string())).map_err(|_| {
                mistake(
                    format!("each needs text for \"{name}\", and got {}", described(value)),
                    "put it in double quotes",
                )
            }),
        };
        let stops = match text("on_error")?.as_deref() {
            None | Some("continue") => false,
            Some("stop") => true,
            Some(other) => {
                return Err(mistake(
                    format!("each: on_error cannot be \"{other}\""),
                    "it can be: continue (the default) or stop",
                ));
            }
        };
        Ok(Each {
            host,
            context,
            callback: Callback::new(context, function, 1)?,
            key: text("key")?,
            stops,
            label: text("label")?.unwrap_or_else(|| "rows".into()),
            counts: Counts::default(),
            reasons: Vec::new(),
        })
    }

    fn run(mut self, rows: &Dynamic) -> Result<Map, Raised> {
        let (items, total) = items_of(rows)?;
        let bulk = self.host.tenant.gate().begin_rows(total).map_err(unusable)?;
        let walked = self.walk(items, &bulk, total);
        let ended = bulk.finish();
        for end in ended.rows {
            self.count(&end);
        }
        let reasons = std::mem::take(&mut self.reasons);
        self.host.tenant.gate().note_rows(self.counts.failed, reasons, ended.results_file.as_deref());
        walked?;
        let file = ended.results_file.map_or(Dynamic::UNIT, |file| file.display().to_string().into());
        Ok(Map::from([
            ("ok".into(), i64::try_from(self.counts.ok).unwrap_or(i64::MAX).into()),
            ("unchanged".into(), i64::try_from(self.counts.unchanged).unwrap_or(i64::MAX).into()),
            ("failed".into(), i64::try_from(self.counts.failed).unwrap_or(i64::MAX).into()),
            ("errors".into(), self.counts.errors.into()),
            ("results_file".into(), file),
        ]))
    }

    fn walk(
        &mut self,
        items: Box<dyn Iterator<Item = Result<Dynamic, Raised>> + '_>,
        bulk: &Bulk,
        total: Option<u64>,
    ) -> Result<(), Raised> {
        for (place, item) in items.enumerate() {
            if self.host.stop.is_set() || bulk.is_at_limit(place as u64) {
                break;
            }
            let item = item?;
            if let Some(row) = self.begin(bulk, &item)? {
                let result = self.callback.call(item, place);
                let stop = self.returned(bulk, row, result)?;
                if stop {
                    break;
                }
            }
            for end in bulk.collect() {
                self.count(&end);
            }
            let done = self.counts.ok + self.counts.unchanged + self.counts.failed;
            let rows = Rows { label: &self.label, done, total, failed: self.counts.failed };
            self.host.output.progress(&rows);
        }
        Ok(())
    }

    /// Tells the gate of a row; `None` if an earlier run has done it.
    fn begin(&self, bulk: &Bulk, item: &Dynamic) -> Result<Option<u64>, Raised> {
        let record = item.read_lock::<Record>().filter(|record| !record.is_row() && record.id().is_some());
        // Records are known by their id, because a list may come in another order next time.
        let known_by = self.key.as_deref().or(record.as_ref().map(|_| "id"));
        let begun = if let Some(record) = &record {
            let value = |key: &str| record.node().get(key).map_or(Value::Null, Node::to_value);
            let key = known_by.map(|key| key_of(&value(key), key)).transpose()?;
            bulk.begin(Row::Record(record.node()), key)
        } else {
            let plain = value::to_json(item)?;
            let key = known_by.map(|key| key_of(&plain[key], key)).transpose()?;
            bulk.begin(Row::Plain(&plain), key)
        };
        begun.map_err(unusable)
    }

    /// Notes how the function of a row ended; says whether to stop.
    fn returned(&self, bulk: &Bulk, row: u64, result: Result<Dynamic, Raised>) -> Result<bool, Raised> {
        let Err(error) = result else {
            bulk.returned(row, None);
            return Ok(false);
        };
        let (kind, message) = diagnose::sentence(&error, self.context.engine());
        bulk.returned(row, Some(message));
        let whole_run = !error.is_catchable()
            || matches!(error.unwrap_inner(), EvalAltResult::Exit(..))
            || self.host.tenant.gate().tripped().is_some()
            || kind == "stopped"
            || kind == "busy";
        if whole_run { Err(error) } else { Ok(self.stops) }
    }

    fn count(&mut self, end: &RowEnd) {
        match (&end.failed, end.changed) {
            (Some(reason), _) => {
                self.counts.failed += 1;
                if self.reasons.len() < TOLD {
                    self.reasons.push(format!("row {}: {reason}", end.row));
                }
                if self.counts.errors.len() < ERRORS {
                    self.counts.errors.push(
                        Map::from([
                            ("row".into(), i64::try_from(end.row).unwrap_or(i64::MAX).into()),
                            ("key".into(), end.key.clone().map_or(Dynamic::UNIT, Into::into)),
                            ("reason".into(), reason.clone().into()),
                        ])
                        .into(),
                    );
                }
            }
            (None, true) => self.counts.ok += 1,
            (None, false) => self.counts.unchanged += 1,
        }
    }
}

/// The items of a list or an array, and how many there are where that is known.
type Items<'a> = Box<dyn Iterator<Item = Result<Dynamic, Raised>> + 'a>;

fn items_of(rows: &Dynamic) -> Result<(Items<'_>, Option<u64>), Raised> {
    if let Some(list) = rows.read_lock::<List>() {
        return Ok((Box::new(list.items()), None));
    }
    if let Some(array) = rows.read_lock::<Array>() {
        let items = array.clone();
        let total = items.len() as u64;
        return Ok((Box::new(items.into_iter().map(Ok)), Some(total)));
    }
    Err(mistake(
        format!("each needs a list of rows, and got {}", described(rows)),
        "such as each(accounts(), |a| …)",
    ))
}

/// The key of a row: what it holds under the name of the key.
fn key_of(value: &Value, key: &str) -> Result<String, Raised> {
    match value {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(mistake(
            format!("a row has nothing under \"{key}\", which each was told to know rows by"),
            "check the column's name, or leave out key to know rows by their place",
        )),
    }
}

fn unusable(message: Message) -> Raised {
    mistake(message.text, message.help.unwrap_or_default())
}
