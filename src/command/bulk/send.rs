//! Lets the rows out through the gate, as `each` does: in the background, every row accounted for.

use super::find::{Finder, Found, the_one};
use super::rows::Ready;
use crate::catalogue::{Action, Effect, Object};
use crate::client::{Failure, Kind};
use crate::error::{Error, Message};
use crate::gate::{Bulk, Change, Gate, Refusal, Row, RowEnd, STOPPED, Whole};
use crate::script::fields::missing_keys;
use crate::script::host::{Output, Rows};
use crate::stop::Stop;
use serde_json::{Map, Value};
use std::rc::Rc;

/// How many rows' records are asked for at once.
const AHEAD: usize = 64;
/// How many failed rows are told one by one.
const TOLD: usize = 10;

/// How the rows ended.
#[derive(Default)]
pub struct Ended {
    /// Rows whose record was changed; in a dry run, would be.
    pub applied: u64,
    /// Rows whose record holds everything already.
    pub unchanged: u64,
    /// Rows that failed.
    pub failed: u64,
    /// Rows that a rule refused.
    pub refused: u64,
    /// Rows that were not begun.
    pub remaining: u64,
    /// The first failed rows with their reasons.
    pub reasons: Vec<String>,
}

/// What is done with each row.
pub struct Sender<'a> {
    /// Where changes go.
    pub gate: &'a Rc<Gate>,
    /// The kind of records.
    pub object: &'static Object,
    /// What is done with them.
    pub action: &'static Action,
    /// Finds the records.
    pub finder: &'a Finder<'a>,
    /// What the journal calls the run.
    pub script: &'a str,
    /// The wish to stop.
    pub stop: &'a Stop,
    /// Where progress is shown.
    pub output: &'a dyn Output,
}

impl Sender<'_> {
    /// Sends the rows; what stops the whole run is the error.
    pub fn send(&self, rows: &[Ready], found: &Found) -> (Ended, Result<(), Error>) {
        let total = rows.len() as u64;
        let mut ended = Ended { remaining: total, ..Ended::default() };
        let bulk = match self.gate.begin_rows(Some(total)) {
            Ok(bulk) => bulk,
            Err(why) => return (ended, Err(Error::Refused(why))),
        };
        let result = self.walk(rows, found, &bulk, &mut ended);
        let rest = bulk.finish();
        rest.rows.iter().for_each(|end| ended.count(end, rows));
        ended.reasons.sort_by_key(|reason| number_in(reason));
        ended.reasons.truncate(TOLD);
        // The reasons are told with the file's own places.
        self.gate.note_rows(ended.failed + ended.refused, Vec::new(), rest.results_file.as_deref());
        (ended, result)
    }

    fn walk(&self, rows: &[Ready], found: &Found, bulk: &Bulk, ended: &mut Ended) -> Result<(), Error> {
        let mut taken = 0;
        for piece in rows.chunks(AHEAD) {
            if self.stop.is_set() || bulk.is_at_limit(taken) {
                break;
            }
            let wanted: Vec<&Ready> =
                piece.iter().filter(|row| row.fields.is_ok() && !row.key.is_empty()).collect();
            let keys: Vec<String> = wanted.iter().map(|row| row.key.clone()).collect();
            let mut records = self.finder.records(found, &keys).into_iter();
            for row in piece {
                let record = if row.fields.is_ok() && !row.key.is_empty() { records.next() } else { None };
                if self.stop.is_set() || bulk.is_at_limit(taken) {
                    break;
                }
                taken += 1;
                ended.remaining -= 1;
                // A row that shares its key is known by its place.
                let key = Some(row.key.clone()).filter(|key| !key.is_empty() && row.fields.is_ok());
                let Some(number) = bulk.begin(Row::Plain(&row.cells), key).map_err(Error::Refused)? else {
                    continue;
                };
                let sent = record
                    .unwrap_or_else(|| Ok(Vec::new()))
                    .map_err(Refused::by_vitally)
                    .and_then(|records| self.submit(row, records));
                match sent {
                    Ok(()) => bulk.returned(number, None),
                    Err(refused) => {
                        bulk.refused(number, refused.why.clone(), refused.by_rule);
                        if let Some(error) = refused.error {
                            return Err(error);
                        }
                        if refused.stops {
                            return Ok(());
                        }
                    }
                }
                bulk.collect().iter().for_each(|end| ended.count(end, rows));
                let done = ended.applied + ended.unchanged + ended.failed + ended.refused;
                let failed = ended.failed + ended.refused;
                self.output.progress(&Rows { label: "rows", done, total: Some(rows.len() as u64), failed });
            }
        }
        Ok(())
    }

    fn submit(&self, row: &Ready, found: Vec<Value>) -> Result<(), Refused> {
        let mut fields = row.fields.clone().map_err(Refused::plainly)?;
        let noun = self.object.name.replace('_', " ");
        let whole = the_one(self.action.effect, &noun, (self.finder.field, &row.key), found)
            .map_err(|message| Refused::plainly(message.text))?;
        if self.action.effect == Effect::Update && fields.is_empty() {
            return Ok(());
        }
        self.add_required(&mut fields, whole.as_ref());
        if let Some(what) = missing_keys(self.action, &|key| fields.contains_key(key)) {
            return Err(Refused::plainly(format!("{} needs {what}, and the row has none", self.action.name)));
        }
        let after = (self.action.effect != Effect::Delete).then_some(fields);
        let change = self.change(row, whole.as_ref(), after);
        match self.gate.submit(self.object, self.action, change, whole.map(Whole::Fields)) {
            Ok(_) => Ok(()),
            Err(refusal) => Err(self.refused(refusal)),
        }
    }

    /// Some updates must say again what the record holds.
    fn add_required(&self, fields: &mut Map<String, Value>, whole: Option<&Value>) {
        for key in self.action.required {
            let held = whole.map(|whole| &whole[*key]).filter(|held| !held.is_null());
            if let (false, Some(held)) = (fields.contains_key(*key), held) {
                fields.insert((*key).into(), held.clone());
            }
        }
    }

    fn change(&self, row: &Ready, whole: Option<&Value>, after: Option<Map<String, Value>>) -> Change {
        let text = |key: &str| {
            let of = |value: &Value| value[key].as_str().map(ToString::to_string);
            whole.and_then(of).or_else(|| after.as_ref()?.get(key)?.as_str().map(ToString::to_string))
        };
        let (id, external_id) =
            (whole.and_then(|whole| whole["id"].as_str()).map(ToString::to_string), text("externalId"));
        let name = ["name", "subject", "email", "title"].into_iter().find_map(text);
        Change {
            action: self.action.name.into(),
            id,
            external_id,
            name,
            after,
            script: self.script.into(),
            line: usize::try_from(row.number).unwrap_or(0),
            ..Change::of_record(self.object, "", self.finder.parent.filter(|_| self.action.parent.is_some()))
        }
    }

    fn refused(&self, refusal: Refusal) -> Refused {
        let stops = self.gate.tripped().is_some();
        match refusal {
            Refusal::Failed(failure) => Refused::by_vitally(*failure),
            Refusal::ReadOnly { action, .. } => {
                let why = format!("{action} was not sent: the profile is read-only in this run");
                let help = "leave out --read-only, or take `read_only = true` out of the profile";
                let error = Some(Error::Refused(Message::new(why.clone(), help)));
                Refused { why, by_rule: true, stops: true, error }
            }
            Refusal::Guarded { message, .. } => Refused { why: message, by_rule: true, stops, error: None },
            Refusal::NotJournalled { kind, message, help } => {
                let words = Message::new(message.clone(), help);
                let error = if kind == "busy" { Error::Busy(words) } else { Error::Refused(words) };
                Refused { why: message, by_rule: true, stops: true, error: Some(error) }
            }
        }
    }
}

/// Why a row was not sent.
struct Refused {
    why: String,
    by_rule: bool,
    /// Nothing after it is sent either.
    stops: bool,
    /// What the whole run ends with.
    error: Option<Error>,
}

impl Refused {
    fn plainly(why: String) -> Refused {
        Refused { why, by_rule: false, stops: false, error: None }
    }

    /// A key that is not accepted is not accepted for the next row either.
    fn by_vitally(failure: Failure) -> Refused {
        let why = failure.message.clone();
        let stops = matches!(failure.kind, Kind::Unauthorized | Kind::Stopped);
        Refused { why, by_rule: false, stops, error: stops.then(|| Error::Api(Box::new(failure))) }
    }
}

impl Ended {
    fn count(&mut self, end: &RowEnd, rows: &[Ready]) {
        let Some(reason) = &end.failed else {
            *(if end.changed { &mut self.applied } else { &mut self.unchanged }) += 1;
            return;
        };
        if reason == STOPPED {
            self.remaining += 1;
            return;
        }
        *(if end.refused { &mut self.refused } else { &mut self.failed }) += 1;
        let place = usize::try_from(end.row).unwrap_or(0).saturating_sub(1);
        let number = rows.get(place).map_or(end.row, |row| row.number);
        self.reasons.push(format!("row {number}: {reason}"));
    }
}

fn number_in(reason: &str) -> u64 {
    let digits = reason.strip_prefix("row ").and_then(|rest| rest.split(':').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX)
}
