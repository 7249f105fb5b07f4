//! Files of a dialogue: scripts in, the session out, the editor, the spreadsheet program.

use super::super::{form, source};
use super::Next;
use super::talk::Talk;
use crate::cli::Format;
use crate::error::Error;
use crate::repl::meta::numbers;
use crate::repl::saved;
use crate::script::dialogue::scan::{Kind, Piece, pieces};
use crate::script::{self, Script};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

impl Talk {
    /// Runs a script here.
    pub(super) fn load(&mut self, path: &str) -> Result<Next, Error> {
        if path.is_empty() {
            return Err(Error::usage(":load needs a file", "such as :load fix.rhai"));
        }
        let script = source::script(Path::new(path), &self.session.settings.root)?;
        self.say(script.text.trim_end())
    }

    /// Writes the session as a script.
    pub(super) fn save(&mut self, given: &[String]) -> Result<(), Error> {
        let Some((name, rest)) = given.split_first() else {
            return Err(Error::usage(
                ":save needs a file",
                "such as :save fix.rhai, or :save fix.rhai 1 4-6",
            ));
        };
        let (force, rest): (Vec<String>, Vec<String>) =
            rest.iter().cloned().partition(|word| word == "--force");
        let chosen = if rest.is_empty() { None } else { Some(numbers(&rest)) };
        let chosen = chosen.map(|numbers| {
            numbers.ok_or_else(|| {
                Error::usage("the inputs to save are given by their numbers", "such as :save fix.rhai 1 4-6")
            })
        });
        let chosen = chosen.transpose()?;
        for number in chosen.iter().flatten() {
            self.entered(*number)?;
        }
        let mut path = PathBuf::from(name);
        if path.extension().is_none() {
            path.set_extension("rhai");
        }
        if path.exists() && force.is_empty() {
            return Err(Error::usage(
                format!("{} is there already", path.display()),
                format!("choose another name, or write over it: :save {name} --force"),
            ));
        }
        let settings = &self.session.settings;
        let day = self.session.now().strftime("%Y-%m-%d");
        let about = format!("Typed in a session with {} on {day}.", settings.profile.label());
        let text = saved::script(self.transcript.all(), chosen.as_deref(), &about);
        fs::write(&path, &text).map_err(|cause| Error::File { path: path.clone(), doing: "write", cause })?;
        let script = Script {
            name: path.display().to_string(),
            text,
            path: Some(path.clone()),
            root: settings.root.clone(),
            hidden_lines: 0,
        };
        let (mut found, _) = script::check(&script);
        found.retain(|finding| !finding.is_remark());
        if found.is_empty() {
            self.context.console.say(&format!("saved as {}; check: ok", path.display()));
            return Ok(());
        }
        self.context.console.say(&format!("saved as {}; check found:", path.display()));
        Err(Error::Check(found))
    }

    /// Opens an input or a file in the person's editor, and runs what was made of it.
    pub(super) fn edit(&mut self, what: &str) -> Result<Next, Error> {
        if let Some(path) = Some(Path::new(what)).filter(|path| path.extension().is_some()) {
            self.open_editor(path)?;
            return self.load(what);
        }
        let text = match what.parse::<usize>() {
            Ok(number) => self.entered(number)?,
            Err(_) if what.is_empty() => {
                self.transcript.last().map(|entered| entered.text.clone()).unwrap_or_default()
            }
            Err(_) => self.declaring(what)?,
        };
        let path = self.own_file(&format!("edit-{}.rhai", self.number))?;
        let write = |text: &str| {
            fs::write(&path, text).map_err(|cause| Error::File { path: path.clone(), doing: "write", cause })
        };
        write(&format!("{text}\n"))?;
        self.open_editor(&path)?;
        let edited = fs::read_to_string(&path).map_err(|cause| Error::File {
            path: path.clone(),
            doing: "read",
            cause,
        })?;
        // It stays until here, so that nothing of it is lost if the editor fails.
        let _ = fs::remove_file(&path);
        if edited.trim().is_empty() {
            self.context.console.say("the text is empty, so nothing was run");
            return Ok(Next::Go);
        }
        // Leaving an editor without a change is how people think better of it.
        if edited.trim() == text.trim() {
            self.context.console.say("nothing was changed, so nothing was run; :rerun N runs an input again");
            return Ok(Next::Go);
        }
        self.context.console.say(edited.trim_end());
        self.say(edited.trim_end())
    }

    /// The last input that declared a function.
    fn declaring(&self, name: &str) -> Result<String, Error> {
        let declares = |text: &str| {
            let words: Vec<Piece> =
                pieces(text).into_iter().filter(|piece| piece.kind == Kind::Word).collect();
            words.windows(2).any(|two| two[0].text == "fn" && two[1].text == name)
        };
        let inputs = self.transcript.all().iter().rev();
        let found = inputs.map(|entered| &entered.text).find(|text| declares(text));
        found.cloned().ok_or_else(|| {
            Error::usage(
                format!(
                    "\"{name}\" is neither the number of an input, nor a function of this session, nor a file"
                ),
                "such as :edit 4, :edit my_function or :edit fix.rhai",
            )
        })
    }

    fn open_editor(&self, path: &Path) -> Result<(), Error> {
        let variables = &self.context.environment;
        let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| variables.get(name));
        let editor = named.map_or(if cfg!(windows) { "notepad" } else { "vi" }, String::as_str);
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi");
        run_program(program, words.map(String::from).collect(), path.as_os_str(), "set EDITOR to your editor")
    }

    /// Shows everything of the last list in the spreadsheet program.
    pub(super) fn open_list(&mut self) -> Result<(), Error> {
        self.context.console.begin_progress();
        let all = self.thread.with(|dialogue| dialogue.whole());
        self.context.console.end_progress();
        let Some((items, object)) = all? else {
            return Err(Error::usage(
                "the last value is no list",
                ":open shows lists of records, rows or maps",
            ));
        };
        let text = form::text(&items, object, Format::Csv, None);
        let path = self.own_file(&format!("list-{}.csv", self.number))?;
        // The mark at the beginning tells spreadsheet programs that the text is UTF-8.
        fs::write(&path, format!("\u{feff}{text}\n")).map_err(|cause| Error::File {
            path: path.clone(),
            doing: "write",
            cause,
        })?;
        self.context.console.say(&format!("written to {}", path.display()));
        self.open_with_system(path.as_os_str(), "open the file by hand, or set VITALLY_SCRIPT_OPENER")
    }

    /// Has the system show a file or an address.
    pub(super) fn open_with_system(&self, what: &OsStr, help: &str) -> Result<(), Error> {
        let (program, words) = match self.context.environment.get("VITALLY_SCRIPT_OPENER") {
            Some(opener) => (opener.as_str(), Vec::new()),
            None if cfg!(windows) => ("cmd", vec!["/C".into(), "start".into(), String::new()]),
            None if cfg!(target_os = "macos") => ("open", Vec::new()),
            None => ("xdg-open", Vec::new()),
        };
        run_program(program, words, what, help)
    }

    /// A file beside the journal.
    fn own_file(&self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.session.settings.home.value.join("sessions");
        fs::create_dir_all(&folder).map_err(|cause| Error::File {
            path: folder.clone(),
            doing: "make the folder",
            cause,
        })?;
        Ok(folder.join(name))
    }
}

/// Starts a program with a file or an address, and waits for it.
fn run_program(program: &str, words: Vec<String>, what: &OsStr, help: &str) -> Result<(), Error> {
    let ended = Command::new(program).args(words).arg(what).status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::usage(
            format!(
                "{program} ended with {}",
                status.code().map_or("a signal".into(), |code| code.to_string())
            ),
            help,
        )),
        Err(cause) => {
            let cause = crate::report::cause(&cause);
            Err(Error::usage(format!("{program} cannot be started: {cause}"), help))
        }
    }
}
