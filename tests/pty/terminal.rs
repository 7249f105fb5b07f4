//! A terminal with the program in it, as a person sees it.

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Longer than anything here takes, on however slow a machine: only what never comes is given up.
const GIVE_UP: Duration = Duration::from_secs(120);

/// So high that nothing scrolls away.
const ROWS: u16 = 100;

/// The key that interrupts.
pub const CTRL_C: &str = "\u{3}";

/// A terminal in which one program runs.
pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    seen: Arc<Seen>,
}

struct Seen {
    state: Mutex<State>,
    moved: Condvar,
}

struct State {
    written: Vec<u8>,
    terminal: vt100::Parser,
    over: bool,
}

/// What a terminal showed when its program had ended.
pub struct Ended {
    /// The exit code.
    pub code: Option<i32>,
    /// Everything that was written, with what moves the cursor and changes colours.
    pub written: Vec<u8>,
    /// What stands on the screen.
    pub screen: vt100::Screen,
}

impl Terminal {
    /// Starts a program in a terminal of so many columns. Only the variables that were set for it are passed on.
    pub fn start(program: &std::process::Command, columns: u16) -> Terminal {
        let (pty, pts) = open().expect("a terminal");
        pty.resize(Size::new(ROWS, columns)).expect("it can be sized");
        let variables = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let mut command = Command::new(program.get_program()).args(program.get_args()).env_clear();
        command = command.env("TERM", "xterm-256color").envs(variables);
        if let Some(folder) = program.get_current_dir() {
            command = command.current_dir(folder);
        }
        let child = command.spawn(pts).expect("the program starts");
        let size = (NonZeroU16::new(ROWS), NonZeroU16::new(columns));
        let (Some(rows), Some(columns)) = size else { panic!("a terminal has columns") };
        let terminal = vt100::Parser::new(rows, columns, 0);
        let state = Mutex::new(State { written: Vec::new(), terminal, over: false });
        let (pty, seen) = (Arc::new(pty), Arc::new(Seen { state, moved: Condvar::new() }));
        let (from, to) = (Arc::clone(&pty), Arc::clone(&seen));
        std::thread::spawn(move || to.watch(&from));
        Terminal { pty, child, seen }
    }

    /// Types.
    pub fn type_in(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("the program still runs");
    }

    /// Waits until a text stands on the screen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |state| state.terminal.screen().contents().contains(text));
    }

    /// Waits until a text stands on the screen so many times: what was typed before the last of them is done.
    #[track_caller]
    pub fn wait_for_times(&self, text: &str, times: usize) {
        let is = |state: &State| state.terminal.screen().contents().matches(text).count() >= times;
        self.wait_until(text, is);
    }

    /// Waits until the program has ended.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        self.wait_until("the end", |state| state.over);
        let code = self.child.wait().expect("it was started").code();
        let state = self.seen.locked();
        Ended { code, written: state.written.clone(), screen: state.terminal.screen().clone() }
    }

    #[track_caller]
    fn wait_until(&self, what: &str, is: impl Fn(&State) -> bool) {
        let give_up = Instant::now() + GIVE_UP;
        let mut state = self.seen.locked();
        while !is(&state) {
            let left = give_up.saturating_duration_since(Instant::now());
            let shown = || state.terminal.screen().contents();
            assert!(!state.over, "it ended before {what:?} came:\n{}", shown());
            assert!(!left.is_zero(), "{what:?} never came:\n{}", shown());
            state = self.seen.moved.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // After a failed test it may still run; after a good one it has ended, and both are refused.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Seen {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is written, until nobody can write any more.
    fn watch(&self, mut pty: &Pty) {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = pty.read(&mut piece) {
            let mut state = self.locked();
            state.written.extend_from_slice(&piece[..length]);
            state.terminal.process(&piece[..length]);
            self.moved.notify_all();
        }
        self.locked().over = true;
        self.moved.notify_all();
    }
}
