//! Sends a plan: written down whole first, then change by change if the records still are as the plan saw them.

use super::change::{Change, Status};
use super::door::Door;
use super::guard::Limits;
use super::kept::{KeptChanges, PIECE};
use super::plan::PlanError;
use super::send::{Journal, Pipeline, SendOptions, Totals, ended};
use crate::catalogue::Effect;
use crate::error::Message;
use crate::store::{Store, StoreError};
use std::sync::Arc;

/// How to apply.
pub struct ApplyOptions<'a> {
    /// The plan's hash, if it comes from a file: a plan is applied once.
    pub plan: Option<String>,
    /// Send only so many changes; the rest stays pending, for `resume`.
    pub limit: Option<u64>,
    /// Send so many, then ask.
    pub canary: Option<u64>,
    /// How many changes and deletes there may be; more are refused whole.
    pub limits: Limits,
    /// How to send; its check says which records are looked at first.
    pub send: SendOptions,
    /// Asks the person.
    pub confirm: &'a mut dyn FnMut(Question) -> Reply,
}

/// What a person is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Whether to delete so many records; a no leaves the deletes out and goes on with the rest.
    Deletes(u64),
    /// The first few are done: whether to go on with the rest; a no leaves it pending.
    GoOn {
        /// How the first few ended.
        done: Totals,
        /// How many are left.
        left: u64,
    },
}

/// What the person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Go on.
    Yes,
    /// Do not.
    No,
}

/// How a plan was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// How its changes ended.
    pub totals: Totals,
    /// How many are still pending; `resume` sends them.
    pub remaining: u64,
}

/// Why a plan was not applied.
#[derive(Debug)]
pub enum ApplyError {
    /// The plan cannot be read.
    Plan(PlanError),
    /// The journal cannot be written or read.
    Store(StoreError),
    /// A guard says no; nothing was sent.
    Refused(Message),
}

impl From<StoreError> for ApplyError {
    fn from(error: StoreError) -> Self {
        ApplyError::Store(error)
    }
}

/// Applies changes: all are written down as pending, then they are sent.
#[expect(clippy::needless_pass_by_value, reason = "options are for one use: they borrow whoever answers")]
pub fn apply(
    changes: impl Iterator<Item = Result<Change, PlanError>>,
    door: Arc<Door>,
    journal: Journal,
    options: ApplyOptions<'_>,
) -> Result<Applied, ApplyError> {
    let limit = options.limit.unwrap_or(u64::MAX);
    let store = Arc::clone(&journal.store);
    let run = journal.run.clone();
    let counted = match write_pending(changes, &*store, &run, &options) {
        Ok(counted) => counted,
        Err(error) => {
            refuse_all(&*store, &run)?;
            return Err(error);
        }
    };
    let deletes = counted.deletes == 0 || (options.confirm)(Question::Deletes(counted.deletes)) == Reply::Yes;

    let pipeline = Pipeline::start(door, journal, options.send.clone());
    let (mut seen, mut left_out) = (0, 0);
    for kept in KeptChanges::new(&*store, &run) {
        let change = kept?.change;
        if seen == limit || options.send.stop.is_set() {
            break;
        }
        if options.canary.is_some_and(|canary| seen == canary && canary < counted.all) {
            pipeline.drain();
            let (done, left) = (pipeline.totals(), counted.all.min(limit) - seen);
            if (options.confirm)(Question::GoOn { done, left }) == Reply::No {
                break;
            }
        }
        seen += 1;
        if !deletes && change.effect() == Some(Effect::Delete) {
            let reason = Some("The deletes of this plan were not confirmed.".to_string());
            store.settle(&run, &[ended(&change, Status::Refused, reason)])?;
            left_out += 1;
        } else if pipeline.put(change).is_err() {
            break;
        }
    }
    let mut totals = pipeline.finish();
    totals.refused += left_out;
    let remaining = counted.all.saturating_sub(totals.ended());
    Ok(Applied { totals, remaining })
}

/// What a plan holds.
#[derive(Default)]
struct Counted {
    all: u64,
    /// Among those that the limit lets through.
    deletes: u64,
}

/// Writes all changes down, numbered from 1; the first piece comes last, so that a run that has a first change has
/// them all.
fn write_pending(
    changes: impl Iterator<Item = Result<Change, PlanError>>,
    store: &dyn Store,
    run: &str,
    options: &ApplyOptions<'_>,
) -> Result<Counted, ApplyError> {
    let limit = options.limit.unwrap_or(u64::MAX);
    let mut counted = Counted::default();
    let (mut first, mut piece) = (None, Vec::new());
    for change in changes {
        let mut change = change.map_err(ApplyError::Plan)?;
        counted.all += 1;
        change.seq = counted.all;
        if counted.all <= limit && change.effect() == Some(Effect::Delete) {
            counted.deletes += 1;
        }
        piece.push(change);
        if piece.len() == PIECE {
            let full = std::mem::take(&mut piece);
            match first {
                None => first = Some(full),
                Some(_) => store.write_changes(run, Status::Pending, &full)?,
            }
        }
    }
    check_limits(counted.all.min(limit), counted.deletes, &options.limits).map_err(ApplyError::Refused)?;
    if let Some(hash) = &options.plan
        && let Some(other) = store.claim_plan(hash, run)?
    {
        return Err(ApplyError::Refused(Message::new(
            format!("Run {other} applied this plan before; nothing was sent."),
            format!("`resume {other}` sends what it left; for anything else make a new plan."),
        )));
    }
    for piece in [Some(piece), first].into_iter().flatten().filter(|piece| !piece.is_empty()) {
        store.write_changes(run, Status::Pending, &piece)?;
    }
    Ok(counted)
}

/// Refuses more changes or deletes than are allowed.
pub fn check_limits(changes: u64, deletes: u64, limits: &Limits) -> Result<(), Message> {
    guard("change", changes, limits.max_changes, "--max-changes")?;
    guard("delete", deletes, limits.max_deletes, "--max-deletes")
}

fn guard(what: &str, count: u64, most: Option<u64>, option: &str) -> Result<(), Message> {
    let Some(most) = most.filter(|most| count > *most) else { return Ok(()) };
    let plural = if count == 1 { "" } else { "s" };
    let text = match most {
        0 => format!("Nothing was sent: {count} {what}{plural} must be allowed by number."),
        _ => format!("Nothing was sent: {count} {what}{plural} are more than the {most} that are allowed."),
    };
    Err(Message::new(text, format!("Look through them with -n; if they are right, add {option} {count}.")))
}

/// Marks what was written of a plan that is not applied, so that nothing sends it later.
fn refuse_all(store: &dyn Store, run: &str) -> Result<(), StoreError> {
    let mut outcomes = Vec::new();
    for kept in KeptChanges::new(store, run) {
        let reason = Some("The plan was refused.".to_string());
        outcomes.push(ended(&kept?.change, Status::Refused, reason));
        if outcomes.len() == PIECE {
            store.settle(run, &std::mem::take(&mut outcomes))?;
        }
    }
    if outcomes.is_empty() { Ok(()) } else { store.settle(run, &outcomes) }
}
