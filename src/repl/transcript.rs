//! What was typed in a dialogue, input by input, and how each ended.

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Its number.
    pub number: usize,
    /// What was typed.
    pub text: String,
    /// How it ended.
    pub ended: Ended,
}

/// How an input ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It ran to its end and gave a value.
    Value,
    /// It ran to its end and gave nothing.
    Nothing,
    /// It stopped early, or was not run at all.
    Failed,
}

/// Everything that was typed.
#[derive(Clone, Debug, Default)]
pub struct Transcript(Vec<Entered>);

impl Transcript {
    /// Adds an input.
    pub fn add(&mut self, entered: Entered) {
        self.0.push(entered);
    }

    /// The inputs, oldest first.
    pub fn all(&self) -> &[Entered] {
        &self.0
    }

    /// The input of a number.
    pub fn get(&self, number: usize) -> Option<&Entered> {
        self.0.iter().find(|entered| entered.number == number)
    }

    /// The last one.
    pub fn last(&self) -> Option<&Entered> {
        self.0.last()
    }
}
