//! What stands before the cursor: who is talked to, what happens to changes, and how many wait.

use crate::gate::Mode;
use crate::settings::Environment;

/// A prompt, plain and with colours; both take the same columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Without colours.
    pub plain: String,
    /// With colours.
    pub coloured: String,
}

/// What a prompt says.
pub struct State<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// Production or not.
    pub environment: Environment,
    /// What happens to changes.
    pub mode: Mode,
    /// How many changes wait to be sent.
    pub pending: usize,
    /// The number of the next input.
    pub number: usize,
}

const BAD: &str = "\x1b[1;97;41m";
const GOOD: &str = "\x1b[32m";
const WAITING: &str = "\x1b[1;33m";
const END: &str = "\x1b[0m";

/// The prompt of a state: `acme PROD dry-run Δ37 [4]> `. Production is a word as well as a colour.
pub fn prompt(state: &State) -> Prompt {
    let (word, colour) = match state.environment {
        Environment::Production => ("PROD", BAD),
        Environment::Sandbox => ("sandbox", GOOD),
    };
    let mode = state.mode.word();
    let mode_colour = if state.mode == Mode::Live { WAITING } else { "" };
    let pending = if state.pending == 0 { String::new() } else { format!("Δ{}", state.pending) };
    let mut prompt = Prompt { plain: state.tenant.into(), coloured: state.tenant.into() };
    for (part, colour) in [(word, colour), (mode, mode_colour), (&pending, WAITING)] {
        prompt.add(part, colour);
    }
    prompt.add(&format!("[{}]> ", state.number), "");
    prompt
}

impl Prompt {
    fn add(&mut self, part: &str, colour: &str) {
        if part.is_empty() {
            return;
        }
        self.plain.push(' ');
        self.plain.push_str(part);
        self.coloured.push(' ');
        if colour.is_empty() {
            self.coloured.push_str(part);
        } else {
            self.coloured.push_str(&[colour, part, END].concat());
        }
    }
}
