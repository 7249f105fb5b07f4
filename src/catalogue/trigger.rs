//! One kind of happening that a script can hook.

/// What must be seen of a record for the trigger to fire; times are compared with the poller's watermark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detect {
    /// `createdAt` is new.
    Created,
    /// `updatedAt` is new and the record is not.
    Updated,
    /// The field went from null to a value.
    Filled(&'static str),
    /// The field went from a value to null.
    Emptied(&'static str),
    /// The field holds another value than when last seen.
    Changed(&'static str),
}

/// One kind of happening.
#[derive(Clone, Copy, Debug)]
pub struct Trigger {
    /// The name in `on("…", handler)`.
    pub name: &'static str,
    /// What is looked for.
    pub detect: Detect,
    /// Whether the archived side of the list must be polled for it.
    pub archived: bool,
    /// One line for people.
    pub doc: &'static str,
}

/// Makes a trigger that is seen in the active list.
pub const fn trigger(name: &'static str, detect: Detect, doc: &'static str) -> Trigger {
    Trigger { name, detect, archived: false, doc }
}

/// Makes a trigger that is seen in the archived list.
pub const fn archived(name: &'static str, doc: &'static str) -> Trigger {
    Trigger { name, detect: Detect::Filled("archivedAt"), archived: true, doc }
}
