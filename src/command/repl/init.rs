//! The scripts that a dialogue begins with: functions that somebody wants to have at hand.

use super::talk::Talk;
use crate::error::Error;
use crate::repl::transcript::{Ended, Entered};
use std::fs;
use std::path::Path;

impl Talk {
    /// Runs them and names them. What goes wrong in one is told, and the dialogue begins all the same.
    pub fn begin(&mut self) {
        if !self.is_person || self.options.no_init {
            return;
        }
        for path in self.session.settings.sources.init_files() {
            match self.begin_with(&path) {
                Ok(()) => self.context.console.say(&format!("began with {}", path.display())),
                Err(error) => self.failed(error),
            }
        }
    }

    fn begin_with(&mut self, path: &Path) -> Result<(), Error> {
        let text = fs::read_to_string(path).map_err(|cause| Error::File {
            path: path.into(),
            doing: "read",
            cause,
        })?;
        let (name, script) = (path.display().to_string(), text.clone());
        self.seen = self.walked(move |dialogue| dialogue.begin_with(&name, &script))?;
        // A script that is made of the session needs it.
        self.transcript.add(Entered { number: 0, text, ended: Ended::Nothing });
        Ok(())
    }
}
