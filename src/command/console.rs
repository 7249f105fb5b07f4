//! Where words go: results to stdout, everything else to stderr and the log file.

use super::colors;
use super::columns::columns;
use super::progress::Progress;
use crate::cli::{Format, Global};
use crate::client::Watch;
use crate::error::Error;
use crate::report::{self, Style, harmless};
use crate::script::host::Rows;
use crate::settings::keyring::Waiting;
use crate::show;
use crate::stop::{Reason, Stop};
use crate::tape::Page;
use std::cell::LazyCell;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// How often a question looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// How many requests of a dialogue are kept to be shown.
const REQUESTS: usize = 200;

/// The streams of one command.
pub struct Console {
    /// The format as typed.
    format: Option<Format>,
    /// -1 with `-q`, else how often `-v` was typed.
    loudness: i16,
    width: Option<usize>,
    pub(super) style: Style,
    stdout_color: bool,
    log_file: Option<Mutex<File>>,
    /// Whether what stands on stderr can be written over.
    animated: bool,
    progress: Mutex<Progress>,
    failed: Mutex<Option<io::Error>>,
    stop: Stop,
    stderr_terminal: bool,
    /// The last requests, for those who type line by line.
    requests: Mutex<VecDeque<String>>,
    /// Whether a person is typing, so that what others have to say goes above the line.
    typing: AtomicBool,
    /// Puts lines above the one that is typed; it may be slow, so it does so on its own thread.
    above: Mutex<Option<Sender<String>>>,
    /// Whoever wants to know what records are called.
    listener: Mutex<Option<Box<Answered>>>,
    /// Set where one line after the other is read: questions are read like those, if a person types them.
    dialogue: OnceLock<Option<Box<AskLine>>>,
    /// What would have been written, where it is kept instead.
    kept: Option<Mutex<Kept>>,
}

/// What a console kept instead of writing it.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// What was meant for stdout.
    pub printed: String,
    /// What was meant for stderr.
    pub said: String,
}

/// Is told the origin, the path and the records of every answer.
type Answered = dyn Fn(&str, &str, &Page) + Send + Sync;

/// Asks for one line at the terminal; `None` for no answer.
type AskLine = dyn Fn(&str) -> Option<String> + Send + Sync;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Console {
    /// Opens the streams as the command line and the environment want them.
    pub fn open(
        global: &Global,
        environment: &BTreeMap<String, String>,
        stop: Stop,
    ) -> Result<Console, Error> {
        let stderr_terminal = io::stderr().is_terminal();
        let log_file = match &global.log_file {
            Some(path) => {
                let file = File::options().create(true).append(true).open(path);
                let file = file.map_err(|cause| Error::File { path: path.clone(), doing: "write", cause })?;
                Some(Mutex::new(file))
            }
            None => None,
        };
        let color = colors(global.color, environment, stderr_terminal);
        let stdout_color = colors(global.color, environment, io::stdout().is_terminal());
        let loudness = if global.quiet { -1 } else { i16::from(global.verbose) };
        let animated = stderr_terminal && environment.get("TERM").is_none_or(|term| term != "dumb");
        Ok(Console {
            format: global.output,
            loudness,
            width: columns(io::stdout()),
            style: Style { color, width: columns(io::stderr()) },
            stdout_color,
            log_file,
            animated,
            progress: Mutex::new(Progress::new(animated, loudness >= 0)),
            failed: Mutex::new(None),
            stop,
            stderr_terminal,
            requests: Mutex::default(),
            typing: AtomicBool::new(false),
            above: Mutex::default(),
            listener: Mutex::default(),
            dialogue: OnceLock::new(),
            kept: None,
        })
    }

    /// A console that writes nothing: it keeps everything for whoever asks. Nobody can be asked there.
    pub fn keeping(stop: Stop) -> Console {
        Console {
            format: None,
            loudness: 0,
            width: None,
            style: Style::default(),
            stdout_color: false,
            log_file: None,
            animated: false,
            progress: Mutex::new(Progress::new(false, false)),
            failed: Mutex::new(None),
            stop,
            stderr_terminal: false,
            requests: Mutex::default(),
            typing: AtomicBool::new(false),
            above: Mutex::default(),
            listener: Mutex::default(),
            dialogue: OnceLock::from(None),
            kept: Some(Mutex::default()),
        }
    }

    /// What was kept since the last time.
    pub fn take_kept(&self) -> Kept {
        self.kept.as_ref().map(|kept| std::mem::take(&mut *locked(kept))).unwrap_or_default()
    }

    /// The format that was typed, or the given one.
    pub fn format_or(&self, default: Format) -> Format {
        self.format.unwrap_or(default)
    }

    /// Columns of stdout; `None` when nobody looks.
    pub fn width(&self) -> Option<usize> {
        self.width
    }

    /// Columns of stderr; `None` when nobody looks.
    pub fn stderr_width(&self) -> Option<usize> {
        self.style.width.filter(|_| self.stderr_terminal)
    }

    /// Colours and columns of stdout.
    pub fn stdout_style(&self) -> Style {
        Style { color: self.stdout_color, width: self.width }
    }

    /// Whether introductions are wanted: somebody looks at stderr, or asked to hear more.
    pub fn introduces(&self) -> bool {
        self.loudness > 0 || self.loudness == 0 && self.stderr_terminal
    }

    /// Writes a result to stdout as it is. A closed pipe asks everything to stop; it is not an error.
    pub fn write(&self, text: &str) {
        if let Some(kept) = &self.kept {
            locked(kept).printed.push_str(text);
            return;
        }
        if self.is_above(text) {
            return;
        }
        let written = self.around_progress(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        });
        if let Err(cause) = written {
            if cause.kind() != ErrorKind::BrokenPipe {
                locked(&self.failed).get_or_insert(cause);
            }
            self.stop.set(Reason::PipeClosed);
        }
    }

    /// Writes a line to stdout.
    pub fn line(&self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    /// What went wrong with stdout, beside a closed pipe.
    pub fn write_error(&self) -> Option<io::Error> {
        locked(&self.failed).take()
    }

    /// Says something on stderr, unless `-q`.
    pub fn say(&self, text: &str) {
        self.log_line("say", text);
        if self.loudness >= 0 {
            self.stderr(text);
        }
    }

    /// Says something on stderr with `-v`.
    pub fn detail(&self, text: &str) {
        self.log_line("detail", text);
        if self.loudness > 0 {
            self.stderr(text);
        }
    }

    /// Says something on stderr in any case.
    pub fn warn(&self, text: &str) {
        self.log_line("warning", text);
        self.stderr(&format!("warning: {text}"));
    }

    /// Renders an error on stderr, as JSON with `-o json`.
    pub fn report(&self, error: &Error) {
        let text = report::text(error, Style::default());
        if text.is_empty() {
            return;
        }
        self.log_line("error", text.trim_end());
        if self.format == Some(Format::Json) {
            self.stderr(&report::json(error).to_string());
        } else {
            self.stderr(report::text(error, self.style).trim_end());
        }
    }

    /// Says several lines on stderr in any case; they belong to a question.
    pub fn notice_lines(&self, lines: &[String]) {
        for line in lines {
            self.log_line("ask", line);
            self.stderr(&harmless(line));
        }
    }

    /// The wait for a keyring, which this wish ends.
    pub fn waiting<'a>(&'a self, stop: &'a Stop) -> Waiting<'a> {
        Waiting { stop, say: Box::new(|text| self.say(text)) }
    }

    /// Whether somebody can be asked: both ends are a terminal.
    pub fn can_ask(&self) -> bool {
        let is_pipe = self.dialogue.get().is_some_and(Option::is_none);
        self.stderr_terminal && io::stdin().is_terminal() && !is_pipe
    }

    /// From now on a person types one line after the other; questions are asked in this way.
    pub fn begin_dialogue(&self, ask: impl Fn(&str) -> Option<String> + Send + Sync + 'static) {
        // A dialogue that goes on with another profile asks as before.
        let _ = self.dialogue.set(Some(Box::new(ask)));
    }

    /// From now on one line after the other is read from a pipe, and none of them is an answer.
    pub fn begin_pipe(&self) {
        // It is begun once.
        let _ = self.dialogue.set(None);
    }

    /// Whether a person types one line after the other, and what may be done next is said in such lines.
    pub fn is_dialogue(&self) -> bool {
        self.dialogue.get().is_some_and(Option::is_some)
    }

    /// Asks on stderr and waits for a line; `None` if nobody can answer.
    pub fn ask(&self, question: &str) -> Option<String> {
        if !self.can_ask() {
            return None;
        }
        self.log_line("ask", question);
        if let Some(Some(ask)) = self.dialogue.get() {
            self.end_progress();
            let answer = ask(&harmless(question));
            self.log_line("answer", answer.as_deref().unwrap_or_default().trim());
            return answer;
        }
        self.around_progress(|| {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "{}", harmless(question));
            let _ = stderr.flush();
        });
        // A thread waits for the line, because Ctrl-C does not wake it.
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let mut answer = String::new();
            let read = io::stdin().read_line(&mut answer).unwrap_or_default();
            // Nobody listens any more after Ctrl-C.
            let _ = tell.send((read > 0).then_some(answer));
        });
        while self.stop.reason().is_none() {
            match told.recv_timeout(LOOK) {
                Ok(answer) => {
                    self.log_line("answer", answer.as_deref().unwrap_or_default().trim());
                    return answer;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        // The question stays, with the ^C behind it.
        let _ = writeln!(io::stderr());
        None
    }

    /// What puts lines above the one that is typed.
    pub fn print_above(&self, mut print: impl FnMut(String) + Send + 'static) {
        let (tell, told) = mpsc::channel::<String>();
        std::thread::spawn(move || told.into_iter().for_each(&mut print));
        *locked(&self.above) = Some(tell);
    }

    /// A person begins to type, or has ended.
    pub fn typing(&self, is_typing: bool) {
        self.typing.store(is_typing, Ordering::SeqCst);
    }

    /// Whether a text was put above the line that is typed.
    fn is_above(&self, text: &str) -> bool {
        let is_typing = self.typing.load(Ordering::SeqCst);
        is_typing && locked(&self.above).as_ref().is_some_and(|above| above.send(text.to_string()).is_ok())
    }

    /// From now on every answer with records is told here, on the thread that got it.
    pub fn listen(&self, listener: impl Fn(&str, &str, &Page) + Send + Sync + 'static) {
        *locked(&self.listener) = Some(Box::new(listener));
    }

    /// The last requests of a dialogue, at most so many, the oldest first.
    pub fn requests(&self, most: usize) -> Vec<String> {
        let requests = locked(&self.requests);
        requests.iter().skip(requests.len().saturating_sub(most)).cloned().collect()
    }

    fn keep_request(&self, line: &str) {
        let mut requests = locked(&self.requests);
        if requests.len() == REQUESTS {
            requests.pop_front();
        }
        requests.push_back(harmless(line));
    }

    /// Shows how far something is.
    pub fn rows(&self, rows: &Rows) {
        if self.typing.load(Ordering::SeqCst) {
            return;
        }
        let said = locked(&self.progress).rows(rows);
        if let Some(text) = said {
            self.stderr(&text);
        }
    }

    /// Begins to count requests anew, for the next line about a long walk.
    pub fn begin_progress(&self) {
        locked(&self.progress).begin();
    }

    /// Takes the progress line away.
    pub fn end_progress(&self) {
        locked(&self.progress).end();
    }

    pub(super) fn stderr(&self, text: &str) {
        if let Some(kept) = &self.kept {
            let said = &mut locked(kept).said;
            said.push_str(text);
            said.push('\n');
            return;
        }
        let fitted = self.stderr_width().map(|width| show::fit(text, width));
        if self.is_above(&format!("{}\n", fitted.as_deref().unwrap_or(text))) {
            return;
        }
        // A terminal shows ^C where the next line begins.
        let is_echoed = self.animated && self.stop.reason() == Some(Reason::Interrupted);
        let clear = if is_echoed { "\r\x1b[2K" } else { "" };
        // Nothing can be said about a stderr that is gone.
        let _ = self.around_progress(|| writeln!(io::stderr().lock(), "{clear}{text}"));
    }

    fn around_progress<T>(&self, write: impl FnOnce() -> T) -> T {
        match locked(&self.progress).bar() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub(super) fn log_line(&self, kind: &str, text: &str) {
        let Some(file) = &self.log_file else { return };
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        // A log that cannot be written must not end the work it tells about.
        let _ = writeln!(locked(file), "{now} {kind:<7} {}", harmless(text));
    }
}

impl Watch for Console {
    fn request(&self, line: &dyn Fn() -> String) {
        let line = LazyCell::new(line);
        if self.log_file.is_some() {
            self.log_line("request", &line);
        }
        if self.dialogue.get().is_some() {
            self.keep_request(&line);
        }
        if self.loudness >= 2 {
            self.stderr(&harmless(&line));
        }
        if self.typing.load(Ordering::SeqCst) {
            return;
        }
        let said = locked(&self.progress).request(|| line.as_str());
        if let Some(text) = said {
            self.stderr(&text);
        }
    }

    fn notice(&self, line: &str) {
        self.say(&harmless(line));
    }

    fn detail(&self, line: &str) {
        Console::detail(self, &harmless(line));
    }

    fn answered(&self, origin: &str, path: &str, page: &Page) {
        if let Some(listener) = &*locked(&self.listener) {
            listener(origin, path, page);
        }
    }
}
