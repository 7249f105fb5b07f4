//! What people see when the program itself is wrong.

use crate::exit;
use std::io::Write as _;
use std::panic::{UnwindSafe, catch_unwind};

/// Does something; if the program itself is wrong, says so and answers the exit code.
pub fn guarded(work: impl FnOnce() -> u8 + UnwindSafe) -> u8 {
    install();
    catch_unwind(work).unwrap_or(exit::THREW)
}

/// Replaces the panic message with one that says whose fault it is and what to do. What the panic itself says is kept
/// back: it is made of values, and they may be anybody's data.
fn install() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), |at| format!(" ({}:{})", at.file(), at.line()));
        // Nothing can be said about a stderr that is gone.
        let _ = writeln!(
            std::io::stderr(),
            "error: vitally-script itself has a fault{place}\nhelp: this is not your mistake; please report it, with \
             what you ran, at {}/issues",
            env!("CARGO_PKG_REPOSITORY")
        );
    }));
}

#[cfg(test)]
#[path = "../../tests/support/encodings.rs"]
mod encodings;

#[cfg(test)]
mod tests {
    //! A run that changes something, and then comes upon a fault of the program, in a process of its own.

    use super::encodings::{KEY, TOKEN, seen};
    use super::*;
    use crate::cli::{Cli, Command};
    use crate::command::ear::Ear;
    use crate::command::run::{Job, execute};
    use crate::command::{Console, Context, Held, demo, source};
    use crate::error::Error;
    use crate::script::hooks::{Call, End, Feed, Wanted};
    use crate::simulator::{Options, Simulator};
    use crate::stop::Stop;
    use clap::Parser as _;
    use std::fs;
    use std::process::Command as Process;
    use std::sync::Arc;

    const OWN_NAME: &str =
        "command::panic::tests::a_fault_of_the_program_says_how_to_go_on_and_keeps_the_key";
    const CHILD: &str = "COMES_UPON_A_FAULT";

    const SCRIPT: &str = "let token = secret(\"CRM_TOKEN\"); let account = accounts().first();
        update_account(account, #{ name: \"Acme Two\" }); on(\"task_completed\", |task| print(token));";

    struct Faulty;

    impl Feed for Faulty {
        fn listen(&mut self, _: &str, _: &Wanted) -> Result<(), Error> {
            panic!("Rc<RefCell<{KEY}>> and {TOKEN}");
        }

        fn next(&mut self) -> Result<Option<Call>, Error> {
            Ok(None)
        }

        fn ended(&mut self, _: &Call, _: End) -> Result<(), Error> {
            Ok(())
        }
    }

    fn runs_into_it() -> u8 {
        let cli = Cli::parse_from(["vitally-script", "run", "job.rhai", "-y"]);
        let environment = std::env::vars().collect();
        let stop = Stop::new();
        let console = Arc::new(Console::open(&cli.global, &environment, stop.clone()).unwrap());
        let demo = demo::Demo::default();
        let context = Context {
            global: cli.global,
            environment,
            console,
            stop,
            demo,
            held: Held::default(),
            project: None,
        };
        let Some(Command::Run(options)) = cli.command else { return exit::USAGE };
        let script = source::script(&options.script, &std::env::current_dir().unwrap()).unwrap();
        let ear = Some(Ear::Given(Box::new(Faulty)));
        execute(&context, Job { ear, ..Job::new("run", &script, &options.safety) }).unwrap()
    }

    #[test]
    fn a_fault_of_the_program_says_how_to_go_on_and_keeps_the_key() {
        if std::env::var_os(CHILD).is_some() {
            std::process::exit(i32::from(guarded(runs_into_it)));
        }
        let tenant = Simulator::start(Options { key: KEY.into(), ..Options::default() }).unwrap();
        let folder = std::env::temp_dir().join(format!("vitally-script-fault-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("job.rhai"), SCRIPT).unwrap();
        let output = Process::new(std::env::current_exe().unwrap())
            .args(["--exact", OWN_NAME, "--nocapture"])
            .current_dir(&folder)
            .env_clear()
            .envs([
                (CHILD, "1"),
                ("VITALLY_API_KEY", KEY),
                ("VITALLY_BASE_URL", &tenant.origin()),
                ("CRM_TOKEN", TOKEN),
                ("RUST_BACKTRACE", "full"),
            ])
            .env("VITALLY_SCRIPT_HOME", folder.join("home"))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(output.status.code(), Some(i32::from(exit::THREW)), "{said}");
        let lines: Vec<&str> = said.lines().collect();
        let [.., fault, help, done, back] = lines[..] else { panic!("{said}") };
        assert!(fault.starts_with("error: vitally-script itself has a fault (src/"), "{said}");
        assert!(help.starts_with("help: this is not your mistake; please report it"), "{said}");
        assert_eq!(done, "ended early: 1 account updated", "{said}");
        let run = back.rsplit(' ').next().unwrap();
        assert_eq!(
            back,
            format!("go on: vitally-script resume {run}   take it back: vitally-script undo {run}")
        );
        for foreign in ["panicked", "RefCell", "stack backtrace", "RUST_BACKTRACE"] {
            assert!(!said.contains(foreign), "{foreign}: {said}");
        }
        for value in [KEY, TOKEN] {
            assert_eq!(seen(value, said.as_bytes()), None, "{said}");
            assert_eq!(seen(value, &output.stdout), None);
        }
    }
}
