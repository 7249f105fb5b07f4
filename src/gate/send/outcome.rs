//! How a change ended, in words.

use crate::catalogue::Effect;
use crate::client::{Answer, Failure, Kind};
use crate::gate::change::{Change, Outcome, Status};
use crate::gate::drift::Difference;
use crate::tape::Node;
use jiff::{SignedDuration, Timestamp};

/// The reason of an applied create whose externalId was taken: Vitally updated that record. Undo must not delete it.
pub const EXISTED: &str = "Vitally already had a record with this externalId, and updated it";

/// An outcome of this change, with a reason if there is one.
pub(in crate::gate) fn ended(change: &Change, status: Status, reason: Option<String>) -> Outcome {
    Outcome { seq: change.seq, status, id: change.id.clone(), before: None, reason, kind: None }
}

/// An outcome with the kind of error that scripts see.
pub(super) fn failed(change: &Change, status: Status, kind: &str, reason: String) -> Outcome {
    Outcome { kind: Some(kind.into()), ..ended(change, status, Some(reason)) }
}

/// Vitally did it.
pub(super) fn applied(change: &Change, answer: &Answer) -> (Outcome, Names) {
    let names = answer.page.as_ref().map(|page| Names::of(page.root())).unwrap_or_default();
    let existed = change.effect() == Some(Effect::Create) && names.existed();
    let mut outcome = ended(change, Status::Applied, existed.then(|| EXISTED.to_string()));
    outcome.id = names.id.clone().or(outcome.id);
    (outcome, names)
}

/// It was sent, or tried, and failed.
pub(super) fn of_failure(change: &Change, failure: Failure) -> Outcome {
    let status = match failure.kind {
        _ if failure.maybe_applied => Status::Unknown,
        Kind::Stopped => Status::Pending,
        _ => Status::Failed,
    };
    failed(change, status, failure.kind.word(), failure.message)
}

/// There is no such record.
pub(super) fn missing(change: &Change) -> Outcome {
    let noun = change.object.replace('_', " ");
    let key = change.key().unwrap_or_default();
    failed(change, Status::Failed, Kind::NotFound.word(), format!("Vitally has no {noun} {key}."))
}

/// Somebody else changed touched fields.
pub(super) fn drifted(change: &Change, differences: &[Difference]) -> Outcome {
    let reasons: Vec<String> = differences.iter().map(Difference::reason).collect();
    failed(change, Status::Drifted, "drifted", format!("{}.", reasons.join("; ")))
}

/// The record it refers to does not exist.
pub(super) fn orphaned(change: &Change, provisional: &str, create: &Outcome) -> Outcome {
    let why = create.reason.as_deref().unwrap_or("no reason is known");
    match create.status {
        Status::Pending => ended(change, Status::Pending, create.reason.clone()),
        Status::Unknown => {
            let text =
                format!("it is not known whether the record {provisional} it refers to was created: {why}");
            failed(change, Status::Failed, Kind::NotFound.word(), text)
        }
        _ => {
            let text = format!("the record {provisional} it refers to was not created: {why}");
            failed(change, Status::Failed, Kind::NotFound.word(), text)
        }
    }
}

/// What an answer says of its record.
#[derive(Default)]
pub(super) struct Names {
    pub(super) id: Option<String>,
    pub(super) external_id: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl Names {
    fn of(record: Node) -> Names {
        let text = |name: &str| record.get(name).and_then(Node::text).map(ToString::to_string);
        Names {
            id: text("id"),
            external_id: text("externalId"),
            created_at: text("createdAt"),
            updated_at: text("updatedAt"),
        }
    }

    /// Whether the record is older than a create with all its tries takes, by Vitally's own clock.
    fn existed(&self) -> bool {
        const LONGEST: SignedDuration = SignedDuration::from_mins(5);
        let moment = |text: &Option<String>| text.as_deref()?.parse::<Timestamp>().ok();
        match (moment(&self.created_at), moment(&self.updated_at)) {
            (Some(created), Some(updated)) => updated.duration_since(created) > LONGEST,
            _ => false,
        }
    }
}
