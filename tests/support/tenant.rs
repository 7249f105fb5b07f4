//! The program against a local Vitally that a test can look into and break.

use super::binary::{NOW, binary};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use vitally_script::simulator::{Options, Simulator};

/// The key of every test.
pub const KEY: &str = "sk_live_canary_7f3a91";

/// A fresh tenant at the tests' fixed time.
pub fn tenant() -> Simulator {
    tenant_of(Options::default().accounts)
}

/// The same, with so many accounts.
pub fn tenant_of(accounts: usize) -> Simulator {
    tenant_where(Options { accounts, ..Options::default() })
}

/// A tenant with these options, at the tests' time, with their key and without a rate limit.
pub fn tenant_where(mut options: Options) -> Simulator {
    options.key = KEY.into();
    options.rate_limit = None;
    options.now = Some(NOW.parse().expect("the tests' time is a time"));
    Simulator::start(options).expect("a free port on this machine")
}

/// The program, told to talk to that tenant.
pub fn program_at(origin: &str) -> Command {
    let mut command = binary();
    command.env("VITALLY_API_KEY", KEY).env("VITALLY_BASE_URL", origin).stdin(Stdio::null());
    command
}

/// What the program did.
pub struct Ended {
    /// The exit code.
    pub code: i32,
    /// Everything on stdout.
    pub out: String,
    /// Everything on stderr.
    pub err: String,
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Ended {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    Ended { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
}

/// Runs a piece of script against a tenant.
pub fn eval_at(origin: &str, code: &str, options: &[&str]) -> Ended {
    ended(program_at(origin).args(["eval", "--color", "never"]).args(options).arg(code))
}

/// Runs a script file against a tenant.
pub fn run_at(origin: &str, script: &Path, options: &[&str]) -> Ended {
    ended(program_at(origin).args(["run", "--color", "never"]).args(options).arg(script))
}
