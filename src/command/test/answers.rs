//! What the person says who is asked in a test.

use crate::script::host::{Level, Output, Rows};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// The answers that are still to be given, the next one first.
#[derive(Clone, Default)]
pub struct Answers(Rc<RefCell<VecDeque<String>>>);

impl Answers {
    /// One more answer, after the others.
    pub fn add(&self, text: &str) {
        self.0.borrow_mut().push_back(text.into());
    }

    /// Whether nobody has said anything.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// The words of a script under test, whose questions are answered.
pub struct Answering {
    /// Where its words go.
    pub output: Rc<dyn Output>,
    /// What is answered.
    pub answers: Answers,
}

impl Output for Answering {
    fn progress(&self, rows: &Rows) {
        self.output.progress(rows);
    }

    fn print(&self, text: &str) {
        self.output.print(text);
    }

    fn log(&self, level: Level, text: &str) {
        self.output.log(level, text);
    }

    fn can_ask(&self) -> bool {
        !self.answers.is_empty()
    }

    fn how_to_answer(&self) -> Option<&str> {
        Some("write answer(\"…\") before run_script(…), once for every question")
    }

    fn ask(&self, lines: &[String], question: &str) -> Option<String> {
        let answer = self.answers.0.borrow_mut().pop_front()?;
        for line in lines {
            self.output.log(Level::Info, line);
        }
        self.output.log(Level::Info, &format!("{question}{answer}"));
        Some(answer)
    }

    fn width(&self) -> Option<usize> {
        self.output.width()
    }
}
