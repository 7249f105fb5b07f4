//! The commands of a dialogue: `:name`, and `?name` for help. Code cannot begin so.

use crate::script::words::did_you_mean;

/// One command: its name, what it takes, and what it does.
pub struct Meta {
    /// The name, without the colon.
    pub name: &'static str,
    /// What it takes, as a person types it.
    pub takes: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
}

const fn meta(name: &'static str, takes: &'static str, doc: &'static str) -> Meta {
    Meta { name, takes, doc }
}

/// All commands, in the order of their help.
pub const METAS: &[Meta] = &[
    meta("help", "[name]", "This list, or what a function, a trigger or an object is; ?name does the same"),
    meta(
        "plan",
        "[all|csv FILE]",
        "What is collected and not sent: a summary, every change, or a file of them",
    ),
    meta("diff", "[N|RUN]", "The same field by field, only that of input N, or what a run changed"),
    meta(
        "apply",
        "[--limit N] [-n]",
        "Sends what is collected; also --canary, --max-changes, --max-deletes, --confirm, -y",
    ),
    meta("discard", "[N]", "Drops what is collected, or only what input N collected"),
    meta("undo", "[RUN]", "Takes a run back, or the last one; -n shows what would be put back"),
    meta("resume", "RUN", "Goes on with a run that broke off"),
    meta("runs", "[show RUN]", "The runs that changed something"),
    meta("mode", "[MODE]", "What happens to changes: read-only, dry-run, confirm or live"),
    meta(
        "profile",
        "[NAME]",
        "The profiles, or goes on with another one: everything declared is left behind",
    ),
    meta("whoami", "", "Who is talked to, as whom, and what happens to changes"),
    meta("more", "[all]", "The next items of the list shown last, or all that are left"),
    meta(
        "open",
        "[NAME|CODE]",
        "The list shown last in your spreadsheet program; a record in Vitally, by its name, its id or code",
    ),
    meta("table", "", "The last value once more as a table"),
    meta("card", "", "… as a card for each record"),
    meta("json", "", "… as JSON"),
    meta("csv", "", "… as CSV"),
    meta("yaml", "", "… as YAML"),
    meta("format", "[FORMAT]", "How results are shown from now on: table, card, json, jsonl, csv or yaml"),
    meta("cols", "[A,B,-C]", "The columns from now on: only A and B, or all but C; all takes it back"),
    meta(
        "export",
        "FILE [CODE]",
        "Writes the last value, or what code gives, to a .csv, .xlsx or .json file",
    ),
    meta("vars", "", "What is declared, and what it is"),
    meta("forget", "NAME", "Takes a variable away"),
    meta("functions", "[word]", "The functions, or those that a word occurs in"),
    meta("fields", "OBJECT", "The fields of a kind of record"),
    meta("triggers", "", "Everything a script can react to"),
    meta("examples", "[show NAME]", "The scripts of the cookbook, or one of them"),
    meta("hooks", "[drop NAME]", "What on(…) has registered here, or takes a hook away"),
    meta("listen", "[on|off]", "Handles events of the hooks while you type, in the mode of this session"),
    meta(
        "trigger",
        "EVENT [ID]",
        "Hands the hooks of an event the latest record, or that one; also --sample, --set",
    ),
    meta("type", "CODE", "What code gives, in words; it changes nothing and is not kept"),
    meta(
        "names",
        "[refresh|forget]",
        "The names of records that completion knows; reads them anew, or forgets them",
    ),
    meta("time", "CODE", "Runs code and says how long it took"),
    meta("watch", "TIME CODE", "Shows what code gives again and again, such as every 30s, until Ctrl-C"),
    meta("http", "[N]", "The last requests to Vitally, and how they were answered"),
    meta("why", "", "The last error once more, with all that is known"),
    meta(
        "history",
        "[N|word]",
        "What was typed: the last N, or what a word occurs in; OBJECT:ID for a record",
    ),
    meta("rerun", "N…", "Runs inputs again: :rerun 4 7-9"),
    meta(
        "edit",
        "[N|NAME|FILE]",
        "Opens an input, the last one, a function or a file in your editor, and runs what you make of it",
    ),
    meta("run", "FILE [--arg N=V]", "Runs a script as a run of its own, in the mode of this session"),
    meta("load", "FILE", "Runs a script here; what it declares stays"),
    meta("save", "FILE [N…]", "Writes the session, or the inputs named, as a script: :save fix.rhai 1 4-6"),
    meta("set", "[NAME VALUE]", "What can be set here, or another value for it: :set page 50"),
    meta("quit", "", "Leaves; so does Ctrl-D"),
];

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// A command by its full name, and everything after it.
    Meta(&'static str, &'a str),
    /// Help about a name.
    About(&'a str),
    /// A command that does not exist; what to say about it.
    Unknown(String),
    /// Code.
    Code,
}

/// Bare words that mean a command.
const WORDS: &[(&str, &str)] = &[("?", "help"), ("help", "help"), ("exit", "quit"), ("quit", "quit")];

/// What a line asks for.
pub fn asked(line: &str) -> Asked<'_> {
    let line = line.trim();
    if let Some((_, name)) = WORDS.iter().find(|(word, _)| *word == line) {
        return Asked::Meta(name, "");
    }
    if let Some(name) = line.strip_prefix('?').or_else(|| line.strip_suffix('?').filter(|name| is_name(name)))
    {
        return Asked::About(name.trim());
    }
    let Some(rest) = line.strip_prefix(':') else { return Asked::Code };
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let word = if ["q", "exit"].contains(&word) { "quit" } else { word };
    if let Some(meta) = METAS.iter().find(|meta| meta.name == word) {
        return Asked::Meta(meta.name, rest.trim());
    }
    let near = did_you_mean(word, METAS.iter().map(|meta| meta.name)).replace('"', "");
    Asked::Unknown(format!("there is no command :{word}{near}"))
}

/// Whether a line is a command or a question for help, which always is one line.
pub fn is_meta(line: &str) -> bool {
    !matches!(asked(line), Asked::Code)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// The words of a line; what stands in quotes is one word.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The numbers in words such as `4 7-9`; `None` if one is no number.
pub fn numbers(words: &[String]) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    for word in words {
        match word.split_once('-') {
            Some((from, to)) => numbers.extend(from.parse::<usize>().ok()?..=to.parse().ok()?),
            None => numbers.push(word.parse().ok()?),
        }
    }
    Some(numbers)
}
