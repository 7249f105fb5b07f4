//! The exit codes, which are part of the public surface.

/// Everything asked for was done.
pub const DONE: u8 = 0;
/// The script threw, or asked Vitally for something it refused (400, 404, 409).
pub const THREW: u8 = 1;
/// The command line or the settings make no sense.
pub const USAGE: u8 = 2;
/// The script does not compile, or `check` found errors.
pub const CHECK: u8 = 3;
/// An assertion or a test failed.
pub const ASSERTION: u8 = 4;
/// The run finished and some rows failed.
pub const ROWS_FAILED: u8 = 5;
/// Vitally did not accept the key.
pub const LOGIN: u8 = 6;
/// Vitally or the network gave up.
pub const GAVE_UP: u8 = 7;
/// A guard or an unanswered question refused it.
pub const REFUSED: u8 = 8;
/// Another one is running.
pub const BUSY: u8 = 9;
/// Changes are pending (`--detailed-exitcode`).
pub const PENDING: u8 = 10;
/// Stopped by Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// Every code with its meaning, as `help` and the README list them.
pub const MEANINGS: &[(u8, &str)] = &[
    (DONE, "done"),
    (THREW, "the script threw, or Vitally refused a request (400, 404, 409)"),
    (USAGE, "the command line or the settings make no sense"),
    (CHECK, "a script does not compile, or check found errors"),
    (ASSERTION, "an assertion or a test failed"),
    (ROWS_FAILED, "finished, and some rows failed"),
    (LOGIN, "Vitally did not accept the key"),
    (GAVE_UP, "Vitally or the network gave up"),
    (REFUSED, "refused by a guard or an unanswered question"),
    (BUSY, "another one is running"),
    (PENDING, "changes are pending (--detailed-exitcode)"),
    (INTERRUPTED, "stopped by Ctrl-C"),
];
