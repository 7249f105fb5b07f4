//! What happens to changes.

/// What happens to changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Changes are refused before any byte is sent.
    ReadOnly,
    /// Changes are collected; later reads of the run see them, Vitally does not.
    DryRun,
    /// The person is asked once per kind of change, then they are sent.
    Confirm,
    /// Changes are sent.
    Live,
}

impl Mode {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Mode::ReadOnly => "read-only",
            Mode::DryRun => "dry-run",
            Mode::Confirm => "confirm",
            Mode::Live => "live",
        }
    }
}
