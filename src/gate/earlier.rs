//! What an earlier run has done already, for the run that resumes it.

use super::change::{Change, Status};
use crate::hash;
use crate::store::{Kept, RowOutcome};
use serde_json::Value;
use std::collections::HashMap;

/// What an earlier run has done already.
#[derive(Debug, Default)]
pub struct Earlier {
    /// Rows that ended, by their key if they have one, else by their place.
    rows: HashMap<String, RowOutcome>,
    /// Changes that were made, by row and their place in the row; row 0 holds those outside `each`.
    changes: HashMap<(u64, u64), Kept>,
    total: Option<u64>,
    only_failed: bool,
}

impl Earlier {
    /// The status under which the number of rows is noted, as row 0.
    pub const TOTAL: &str = "total";

    /// What the store says about a run, its unclear changes looked at again before. With `only_failed`, rows that
    /// were never reached stay as they are.
    pub fn new(rows: Vec<RowOutcome>, changes: Vec<Kept>, only_failed: bool) -> Earlier {
        let total =
            rows.iter().find(|row| row.status == Earlier::TOTAL).and_then(|row| row.hash.parse().ok());
        let rows = rows.into_iter().filter(|row| row.status != Earlier::TOTAL);
        let rows = rows.map(|row| (name_of(row.row, row.key.as_deref()), row)).collect();
        let mut seen: HashMap<u64, u64> = HashMap::new();
        let changes = changes.into_iter().map(|kept| {
            let row = kept.change.row.unwrap_or(0);
            let ordinal = seen.entry(row).or_default();
            *ordinal += 1;
            ((row, *ordinal), kept)
        });
        Earlier { rows, changes: changes.collect(), total, only_failed }
    }

    /// Refuses an input that has another number of rows than before.
    pub fn check_total(&self, total: u64) -> Result<(), String> {
        match self.total {
            Some(before) if before != total => Err(format!(
                "the input has {total} rows, and had {before} when the run stopped: rows were added or taken away"
            )),
            _ => Ok(()),
        }
    }

    /// Whether a row is done, and if so whether it changed anything. The error says that it is not the same row.
    pub fn row(&self, row: u64, key: Option<&str>, hash: &str) -> Result<Option<bool>, String> {
        let Some(before) = self.rows.get(&name_of(row, key)) else {
            return Ok(self.only_failed.then_some(false));
        };
        if before.status == "failed" {
            return Ok(None);
        }
        if before.hash != hash {
            return Err(format!("row {row} of the input is not what it was when the run stopped"));
        }
        Ok(Some(before.status == "ok"))
    }

    /// The id of the record, if this very change was made before.
    pub fn change(&self, row: u64, ordinal: u64, change: &Change) -> Option<Option<String>> {
        let kept = self.changes.get(&(row, ordinal))?;
        let same = kept.status == Status::Applied
            && kept.change.action == change.action
            && kept.change.after == change.after
            && (change.key().is_none()
                || kept.change.key() == change.key()
                || same_record(&kept.change, change));
        same.then(|| kept.change.id.clone())
    }
}

fn same_record(one: &Change, two: &Change) -> bool {
    (one.id.is_some() && one.id == two.id)
        || (one.external_id.is_some() && one.external_id == two.external_id)
}

fn name_of(row: u64, key: Option<&str>) -> String {
    key.map_or_else(|| format!("#{row}"), ToString::to_string)
}

/// A hash of what a row holds.
pub fn hash_of(row: &Value) -> String {
    hash::of_texts([row.to_string().as_str()]).chars().take(16).collect()
}
