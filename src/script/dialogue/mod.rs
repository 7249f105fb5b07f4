//! A conversation with the engine: one input after the other, and everything that was declared stays.

mod aside;
mod events;
mod ledger;
mod lent;
pub mod scan;
mod seen;
mod shown;
mod thread;
mod unfinished;
mod written;

pub use events::Through;
pub use ledger::{Ledger, NAME};
pub use seen::{Seen, Shape, Variable};
pub use shown::{Items, PAGE, Shown};
pub use thread::{Line, Thread};
pub use unfinished::is_unfinished;
pub use written::{Written, written};

use super::engine::Setting;
use super::hooks::Hooks;
use super::host::Host;
use super::source::{Source, Sources, prepared};
use super::{Script, check, diagnose, engine, globals, limits, syntax};
use crate::catalogue::Object;
use crate::error::{Error, Finding};
use crate::memory;
use rhai::{AST, Array, Dynamic, Engine, EvalAltResult, GlobalRuntimeState, ImmutableString, Map, Scope};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// The value of the last input that gave one.
const IT: &str = "it";
/// The values of all inputs, by their numbers.
const OUT: &str = "out";
/// The last error.
const ERR: &str = "err";

/// What came of an input.
#[derive(Debug)]
pub struct Reply {
    /// What it gave, or why it ended early.
    pub result: Result<Shown, Error>,
    /// Whether it was run at all: a text with a mistake in it is not.
    pub started: bool,
    /// What `exit(n)` was given, if it was called.
    pub exit: Option<u8>,
    /// Whether older values of `out` were let go, because they took too much memory.
    pub let_go: bool,
    /// Everything that is declared now.
    pub seen: Seen,
    /// How many hooks are registered now.
    pub hooks: usize,
}

/// A long-lived engine with everything that the inputs so far have declared. It stays on its thread.
pub struct Dialogue {
    host: Rc<Host>,
    engine: Rc<Engine>,
    sources: Sources,
    root: PathBuf,
    exit: Rc<Cell<Option<u8>>>,
    ledger: Ledger,
    scope: Scope<'static>,
    functions: AST,
    /// Imported modules and constants live here.
    global: GlobalRuntimeState,
    rest: Option<shown::Rest>,
    page: usize,
    hooks: Rc<Hooks>,
    /// The variable whose list is that of the last input, too.
    lent: Option<ImmutableString>,
}

impl Dialogue {
    /// An engine to which nothing was said. Imports are looked for in `root`, and may not leave it; of lists so many
    /// items are shown at once.
    pub fn new(host: Rc<Host>, root: PathBuf, page: usize) -> Dialogue {
        let (sources, exit) = (Sources::default(), Rc::new(Cell::new(None)));
        let hooks = Rc::new(Hooks::default());
        hooks.timeless.set(Some((
            "nothing is waited for while you type",
            "put it into a script, and start that: vitally-script run SCRIPT",
        )));
        let setting = Setting {
            host: &host,
            sources: &sources,
            root: &root,
            text: None,
            exit: &exit,
            hooks: &hooks,
            bench: None,
        };
        let engine = engine::build(&setting);
        let mut scope = globals::scope();
        scope.push(IT, ()).push(OUT, Array::new()).push(ERR, ());
        let global = engine.new_global_runtime_state();
        let functions = AST::empty();
        let ledger = Ledger::default();
        let (rest, lent) = (None, None);
        Dialogue {
            host,
            engine,
            sources,
            root,
            exit,
            ledger,
            scope,
            functions,
            global,
            rest,
            page,
            hooks,
            lent,
        }
    }

    /// What scripts may reach.
    pub fn host(&self) -> &Rc<Host> {
        &self.host
    }

    /// The number of the input that made a change, by the line it names.
    pub fn number_at(&self, line: usize) -> Option<usize> {
        self.ledger.number_at(line)
    }

    /// Runs one input. Its changes are a run of their own.
    pub fn say(&mut self, number: usize, text: &str) -> Reply {
        self.host.next_run();
        self.exit.set(None);
        let result = self.answer(number, text);
        let started = !matches!(result, Err(Error::Check(_)));
        // Nothing that is open keeps others from the journal while the next input is typed.
        self.host.next_run();
        if let Err(error) = &result {
            self.scope.set_or_push(ERR, told(error));
        }
        if !started {
            self.ledger.drop_last();
        }
        let let_go = self.let_go();
        let hooks = self.hooks.list.borrow().len();
        Reply { result, started, exit: self.exit.get(), let_go, seen: self.seen(), hooks }
    }

    /// The next items of the list that was shown last; `None` if there are none.
    pub fn more(&mut self) -> Option<Result<Shown, Error>> {
        let mut rest = self.rest.take()?;
        let page = rest.page(self.page).map_err(|error| self.ended(*error));
        if page.is_ok() && rest.has_more() {
            self.rest = Some(rest);
        }
        Some(page)
    }

    /// Everything that is left of the list that was shown last; `None` if nothing is.
    pub fn rest(&mut self) -> Option<Result<Shown, Error>> {
        let mut rest = self.rest.take()?;
        Some(rest.page(usize::MAX).map_err(|error| self.ended(*error)))
    }

    /// The last value once more, from its beginning; `None` if there is none.
    pub fn again(&mut self) -> Option<Result<Shown, Error>> {
        let it = self.scope.get(IT).filter(|it| !it.is_unit())?.clone();
        let shown = shown::shown(&it, self.page).map_err(|error| self.ended(*error));
        Some(shown.map(|(shown, rest)| {
            self.rest = rest;
            shown
        }))
    }

    /// Of lists so many items are shown at once from now on.
    pub fn set_page(&mut self, page: usize) {
        self.page = page;
    }

    /// Everything of the last value as data, if it is a list.
    #[allow(clippy::type_complexity, reason = "what a table is made of")]
    pub fn whole(&self) -> Result<Option<(Value, Option<&'static Object>)>, Error> {
        let Some(it) = self.scope.get(IT) else { return Ok(None) };
        let Some(mut rest) = shown::walked(it) else { return Ok(None) };
        match rest.page(usize::MAX).map_err(|error| self.ended(*error))? {
            Shown::Items(Items { items, object, .. }) => Ok(Some((items.into(), object))),
            _ => Ok(None),
        }
    }

    /// Everything that is declared.
    pub fn seen(&self) -> Seen {
        seen::seen(&self.scope, &self.functions, self.global.iter_imports().map(|(name, _)| name))
    }

    /// Takes a variable away; whether there was one.
    pub fn forget(&mut self, name: &str) -> bool {
        let own = [IT, OUT, ERR].contains(&name);
        if own {
            self.scope.set_or_push(name, if name == OUT { Array::new().into() } else { Dynamic::UNIT });
        }
        let global = self.scope.get(name).is_some_and(|value| globals::is_own(name, value));
        own || !global && self.scope.remove::<Dynamic>(name).is_some()
    }

    fn answer(&mut self, number: usize, text: &str) -> Result<Shown, Error> {
        let alone = self.ledger.add(number, &prepared(text));
        let value = self.evaluated(&alone)?;
        // `it`, `out` and what is shown are one list: a long one is not copied for each.
        let value = if value.is_array() && !value.is_shared() { value.into_shared() } else { value };
        let (shown, rest) = shown::shown(&value, self.page).map_err(|error| self.ended(*error))?;
        self.keep(number, value);
        if !matches!(shown, Shown::Nothing) {
            self.rest = rest;
        }
        Ok(shown)
    }

    /// The value of code with everything that is declared.
    fn evaluated(&mut self, alone: &str) -> Result<Dynamic, Error> {
        let whole =
            Source { text: self.ledger.whole().into(), folder: Some(self.root.clone()), hidden_lines: 0 };
        self.sources.add(NAME, whole);
        let known = self.global.num_imports();
        let ast = self.checked(alone, known).map_err(|found| self.ledger.located(Error::Check(found)))?;
        if let Some(list) = self.lend(&ast.statements()[known..]) {
            return Ok(list);
        }
        self.functions = self.functions.merge(&ast.clone_functions_only());
        self.global.lib.clear();
        self.global.lib.push(self.functions.shared_lib().clone());
        self.global.source = Some(NAME.into());
        self.global.num_operations = 0;
        self.global.level = 0;
        self.global.scope_level = 0;
        self.global.constants = Some(Rc::new(RefCell::new(self.constants())));
        #[allow(deprecated, reason = "Rhai marks what may change so; the version is pinned")]
        let result = self.engine.eval_statements_raw(
            &mut self.global,
            &mut rhai::Caches::new(),
            &mut self.scope,
            &ast.statements()[known..],
        );
        let value = result.map_err(|error| self.ended(*error))?.flatten();
        if let Some(reason) = self.host.stop.reason() {
            return Err(Error::Stopped(reason));
        }
        Ok(value)
    }

    /// The constants as functions see them. The engine notes them only where functions stand beside them.
    fn constants(&self) -> BTreeMap<ImmutableString, Dynamic> {
        let mut newest: BTreeMap<ImmutableString, Option<Dynamic>> = BTreeMap::new();
        for (name, constant, value) in self.scope.iter_raw() {
            newest.entry(name.into()).or_insert_with(|| constant.then(|| value.clone()));
        }
        newest.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The program of an input, after the imports of before: the engine counts modules by their order.
    fn checked(&self, alone: &str, known: usize) -> Result<AST, Vec<Finding>> {
        let imports = self.global.scan_imports_raw();
        let imports =
            imports.fold(String::new(), |text, (name, _)| text + "import \"\" as " + name.as_str() + ";");
        let script = Script {
            name: NAME.into(),
            text: String::new(),
            path: None,
            root: self.root.clone(),
            hidden_lines: 0,
        };
        let functions = self.functions.iter_functions().map(|function| function.name.to_string());
        let names: Vec<String> =
            self.scope.iter_raw().map(|(name, _, _)| name.to_string()).chain(functions).collect();
        let earlier = check::Earlier { names: &names, functions: &self.functions, imports: known };
        check::piece(&script, &format!("{imports}{alone}"), &earlier, &self.sources, &self.engine)
    }

    /// Why an input ended early.
    fn ended(&self, error: EvalAltResult) -> Error {
        let outside = match error.unwrap_inner() {
            EvalAltResult::ErrorVariableNotFound(name, _) if self.scope.contains(name) => Some(name.clone()),
            _ => None,
        };
        let error = diagnose::error(error, NAME, &self.sources, &self.engine, self.host.stop.reason());
        match (self.ledger.located(error), outside) {
            (Error::Thrown(finding), Some(name)) => {
                let Finding { place, trace, .. } = *finding;
                Error::Thrown(Box::new(Finding { trace, ..syntax::outside(&name).at(place) }))
            }
            (error, _) => error,
        }
    }

    /// Keeps a value under the names that the next inputs know it by.
    fn keep(&mut self, number: usize, value: Dynamic) {
        if value.is_unit() {
            return;
        }
        self.scope.set_or_push(IT, value.clone());
        if self.scope.get(OUT).is_none_or(|out| !out.is::<Array>()) {
            self.scope.set_or_push(OUT, Array::new());
        }
        if let Some(mut out) = self.scope.get_mut(OUT).and_then(Dynamic::write_lock::<Array>) {
            let length = out.len().max(number + 1);
            out.resize(length, Dynamic::UNIT);
            out[number] = value;
        }
    }

    /// Lets go of older values where they take so much memory that the next input might have too little.
    fn let_go(&mut self) -> bool {
        if memory::held() < limits::MEMORY / 2 {
            return false;
        }
        self.scope.set_or_push(OUT, Array::new());
        true
    }
}

/// An error as a `catch` sees it.
fn told(error: &Error) -> Dynamic {
    let mut map = Map::new();
    let message = crate::report::message(error);
    let (kind, status) = match error {
        Error::Thrown(finding) => (finding.kind, finding.status),
        Error::Stopped(_) => ("stopped", None),
        _ => ("mistake", None),
    };
    map.insert("kind".into(), kind.into());
    map.insert("message".into(), message.text.into());
    map.insert("help".into(), message.help.map_or(Dynamic::UNIT, Into::into));
    map.insert("status".into(), status.map_or(Dynamic::UNIT, |status| i64::from(status).into()));
    map.into()
}
