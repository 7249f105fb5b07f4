//! A plan file: JSON lines, first what the plan is, then one change a line. A plan that was edited is not applied.

use super::change::Change;
use crate::catalogue::Effect;
use crate::error::Message;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{BufRead, Seek, SeekFrom, Write};

/// The version of the format.
pub const SCHEMA: u32 = 1;

/// What a plan is: its first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// The version of the format.
    pub schema: u32,
    /// The plan's hash, in hexadecimal; [`PlanWriter`] fills it in.
    pub plan: String,
    /// The profile's name.
    pub profile: String,
    /// The origin that its changes are for; another origin is another tenant.
    pub origin: String,
    /// The script's name.
    pub script: String,
    /// The hash of the script's text with its imports.
    pub script_hash: String,
    /// The arguments, as a JSON object.
    pub arguments: Value,
    /// When it was made, such as `2026-11-25T10:00:00Z`.
    pub created: String,
}

/// What is wrong with a plan.
#[derive(Debug, PartialEq, Eq)]
pub enum PlanError {
    /// It cannot be read or written.
    Io {
        /// What the system said.
        reason: String,
    },
    /// Its first line is not that of a plan.
    NotAPlan,
    /// A newer version of this program made it.
    Newer {
        /// Its version of the format.
        schema: u32,
    },
    /// A line is not a change.
    BadLine {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// Its text is not what was written.
    Edited,
}

impl PlanError {
    /// What happened, and what to do.
    pub fn message(&self) -> Message {
        let again = "Make the plan again with --plan-out and apply that one; nothing was sent.";
        match self {
            PlanError::Io { reason } => Message::new(
                format!("The plan cannot be read or written: {reason}"),
                "Check the file's name, and whether you may read and write it.",
            ),
            PlanError::NotAPlan => Message::new(
                "This file is not a plan: its first line does not say what it is a plan of.",
                "Give the file that `run --plan-out` wrote.",
            ),
            PlanError::Newer { schema } => Message::new(
                format!(
                    "A newer version of vitally-script made this plan (format {schema}, known {SCHEMA})."
                ),
                "Update vitally-script, or make the plan again with this version.",
            ),
            PlanError::BadLine { line, what } => {
                Message::new(format!("Line {line} of the plan {what}."), again)
            }
            PlanError::Edited => Message::new(
                "The plan was edited after it was made, or its end is missing; it is not applied.",
                "Change the script instead and make the plan again: then what is checked is what is sent.",
            ),
        }
    }
}

impl From<std::io::Error> for PlanError {
    fn from(error: std::io::Error) -> Self {
        PlanError::Io { reason: error.to_string() }
    }
}

/// Writes a plan, one change after the other.
pub struct PlanWriter<W> {
    out: W,
    header: Header,
    digest: Context,
}

impl<W: Write + Seek> PlanWriter<W> {
    /// Begins a plan; the header's hash is filled in at the end.
    pub fn new(mut out: W, header: Header) -> Result<PlanWriter<W>, PlanError> {
        let (header, digest) = begun(header);
        let placeholder = Header { plan: "0".repeat(2 * SHA256.output_len()), ..header.clone() };
        writeln!(out, "{}", line_of(&placeholder))?;
        Ok(PlanWriter { out, header, digest })
    }

    /// Adds a change.
    pub fn write(&mut self, change: &Change) -> Result<(), PlanError> {
        let line = line_of(change);
        add(&mut self.digest, line.as_bytes());
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    /// Ends the plan: the output, complete, and the hash.
    pub fn finish(mut self) -> Result<(W, String), PlanError> {
        self.header.plan = hex(self.digest);
        self.out.seek(SeekFrom::Start(0))?;
        write!(self.out, "{}", line_of(&self.header))?;
        self.out.seek(SeekFrom::End(0))?;
        self.out.flush()?;
        Ok((self.out, self.header.plan))
    }
}

/// Reads a plan: all of it was checked before the first change is given out.
#[derive(Debug)]
pub struct PlanReader<R> {
    input: R,
    header: Header,
    changes: u64,
    line: usize,
}

impl<R: BufRead + Seek> PlanReader<R> {
    /// Reads a plan to its end, checks every line and the hash, and goes back to the first change.
    pub fn open(mut input: R) -> Result<PlanReader<R>, PlanError> {
        input.seek(SeekFrom::Start(0))?;
        let first = next_line(&mut input)?.ok_or(PlanError::NotAPlan)?;
        let header = header_of(&first)?;
        let (_, mut digest) = begun(header.clone());
        let (mut changes, mut last) = (0, 0);
        while let Some(line) = next_line(&mut input)? {
            changes += 1;
            let number = usize::try_from(changes).unwrap_or(usize::MAX).saturating_add(1);
            let change = change_of(&line, number)?;
            if change.seq <= last {
                let what = format!("has the number {}, which does not follow {last}", change.seq);
                return Err(PlanError::BadLine { line: number, what });
            }
            last = change.seq;
            add(&mut digest, &line);
        }
        if hex(digest) != header.plan {
            return Err(PlanError::Edited);
        }
        input.seek(SeekFrom::Start(0))?;
        next_line(&mut input)?;
        Ok(PlanReader { input, header, changes, line: 1 })
    }

    /// What the plan is.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many changes it has.
    pub fn len(&self) -> u64 {
        self.changes
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.changes == 0
    }
}

impl<R: BufRead + Seek> Iterator for PlanReader<R> {
    type Item = Result<Change, PlanError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match next_line(&mut self.input) {
            Ok(line) => line?,
            Err(error) => return Some(Err(error)),
        };
        self.line += 1;
        Some(change_of(&line, self.line))
    }
}

fn header_of(line: &[u8]) -> Result<Header, PlanError> {
    let value: Value = serde_json::from_slice(line).map_err(|_| PlanError::NotAPlan)?;
    let schema = value["schema"].as_u64().and_then(|schema| u32::try_from(schema).ok());
    match schema.ok_or(PlanError::NotAPlan)? {
        SCHEMA => serde_json::from_value(value).map_err(|_| PlanError::Edited),
        schema if schema > SCHEMA => Err(PlanError::Newer { schema }),
        _ => Err(PlanError::NotAPlan),
    }
}

fn change_of(line: &[u8], number: usize) -> Result<Change, PlanError> {
    let bad = |what: String| PlanError::BadLine { line: number, what };
    let change: Change =
        serde_json::from_slice(line).map_err(|error| bad(format!("is not a change ({error})")))?;
    match change.effect() {
        None => Err(bad(format!("names {} of {}, which does not exist", change.action, change.object))),
        Some(Effect::Read) => Err(bad(format!("names {}, which changes nothing", change.action))),
        Some(_) => Ok(change),
    }
}

/// A header without its hash, and a digest that has taken it in.
fn begun(header: Header) -> (Header, Context) {
    let header = Header { plan: String::new(), ..header };
    let mut digest = Context::new(&SHA256);
    add(&mut digest, line_of(&header).as_bytes());
    (header, digest)
}

fn add(digest: &mut Context, line: &[u8]) {
    digest.update(line);
    digest.update(b"\n");
}

fn hex(digest: Context) -> String {
    let nibble = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    digest.finish().as_ref().iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
}

/// Plain data always has a JSON form.
fn line_of(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default()
}

/// The next line that is not empty, without its end.
fn next_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, PlanError> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let end = line.trim_ascii_end().len();
        line.truncate(end);
        if !line.is_empty() {
            return Ok(Some(line));
        }
    }
}
