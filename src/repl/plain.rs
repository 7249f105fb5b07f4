//! Lines from a pipe: no prompt, no help, and an input is whole when the parser says so.

use super::line::{Line, LineSource, Printer};
use super::meta;
use super::names::Names;
use super::prompt::Prompt;
use crate::script::dialogue::is_unfinished;
use crate::stop::Stop;
use std::io::{self, BufRead as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// How often it is looked whether somebody asked to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Standard input, line by line.
pub struct Plain {
    lines: Receiver<io::Result<String>>,
    stop: Stop,
}

impl Plain {
    /// Begins to read. A thread waits for the lines, because Ctrl-C does not wake it.
    pub fn start(stop: Stop) -> Plain {
        let (tell, lines) = mpsc::sync_channel(1);
        std::thread::spawn(move || {
            for line in io::stdin().lock().lines() {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        Plain { lines, stop }
    }

    fn line(&self) -> io::Result<Option<String>> {
        while !self.stop.is_set() {
            match self.lines.recv_timeout(LOOK) {
                Ok(line) => return line.map(Some),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
        Ok(None)
    }
}

impl LineSource for Plain {
    fn read(&mut self, _: &Prompt, _: &str) -> io::Result<Line> {
        let Some(mut text) = self.line()? else { return Ok(Line::End) };
        while !meta::is_meta(&text) && is_unfinished(&text) {
            let Some(line) = self.line()? else { break };
            text.push('\n');
            text.push_str(&line);
        }
        Ok(Line::Text(text))
    }

    fn printer(&mut self) -> Option<Printer> {
        None
    }

    fn learn(&mut self, _: Names) {}

    fn is_person(&self) -> bool {
        false
    }
}
