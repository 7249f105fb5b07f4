//! What can be found wrong with a script without running it.

mod calls;
mod effects;
mod flow;
mod hazards;
mod idle;
mod kept;
mod kinds;
mod literals;
mod modules;
mod options;
mod program;
mod remarks;
mod shape;
mod times;
mod values;

use super::compile::Compiled;
use super::diagnose;
use super::resolver::{self, Resolver};
use super::source::{Source, Sources};
use super::{Script, compile, engine};
use crate::error::Finding;
use crate::hash;
use calls::Functions;
pub use effects::Effects;
use modules::{Import, Module, Modules};
use rhai::{AST, ASTNode, Engine, Expr, FnCallExpr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Everything wrong with a script and with the files it imports, and what they touch.
pub fn check(script: &Script) -> (Vec<Finding>, Effects) {
    let sources = Sources::default();
    sources.add(&script.name, Source::of(script));
    let engine = engine::for_looking();
    let mut visit = Visit::new(script, &sources, &engine);
    visit.advises = true;
    visit.script(&script.name);
    (visit.found, visit.effects)
}

/// The functions that a script stays for.
const STAYING: &[&str] = &["on", "schedule", "every"];

/// A hash of a script's text and of all it imports.
pub fn fingerprint(script: &Script) -> String {
    let sources = Sources::default();
    let source = Source::of(script);
    let alone = !source.text.contains("import");
    sources.add(&script.name, source);
    if !alone {
        let _ = program(script, &sources, &engine::for_looking());
    }
    let texts = sources.texts_in_order(&script.name);
    hash::of_texts(texts.iter().map(|text| &**text))
}

/// What a script is, seen from outside.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Whether it gives functions to `on(…)`, `schedule(…)` or `every(…)`; what is wrong with it, if it cannot be run at all.
    pub stays: Result<bool, Vec<Finding>>,
    /// The files that it imports, and those that they import, as far as they are found.
    pub imports: Vec<PathBuf>,
}

/// Looks at a script without running it.
pub fn outline(script: &Script) -> Outline {
    let sources = Sources::default();
    sources.add(&script.name, Source::of(script));
    let program = program(script, &sources, &engine::for_looking());
    let files = sources.others(&script.name).into_iter().filter(|(_, source)| source.folder.is_some());
    let imports = files.map(|(name, _)| script.root.join(name)).collect();
    Outline { stays: program.map(|ast| stays(&ast)), imports }
}

/// Whether a program stays when it has been run.
fn stays(ast: &AST) -> bool {
    let without = ast.walk(&mut |path: &[ASTNode]| match path.last() {
        Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => {
            !STAYING.contains(&call.name.as_str())
        }
        _ => true,
    });
    !without
}

/// The program of a script in which nothing is wrong, or else everything that is.
pub fn program(script: &Script, sources: &Sources, engine: &Engine) -> Result<AST, Vec<Finding>> {
    let mut visit = Visit::new(script, sources, engine);
    match visit.script(&script.name) {
        Some(ast) if visit.found.is_empty() => Ok(ast),
        _ => Err(visit.found),
    }
}

/// What was declared before a piece of a dialogue.
pub struct Earlier<'a> {
    /// The names of variables, constants and functions.
    pub names: &'a [String],
    /// The functions.
    pub functions: &'a AST,
    /// How many imports stand before the piece, which were done before.
    pub imports: usize,
}

/// The program of one piece of a dialogue in which nothing is wrong, or else everything that is. The piece stands in
/// `text` at the lines it has in the whole dialogue.
pub fn piece(
    script: &Script,
    text: &str,
    earlier: &Earlier,
    sources: &Sources,
    engine: &Engine,
) -> Result<AST, Vec<Finding>> {
    let mut visit = Visit::new(script, sources, engine);
    match visit.text(&script.name, text, Some(earlier)) {
        Some(ast) if visit.found.is_empty() => Ok(ast),
        _ => Err(visit.found),
    }
}

/// A walk through a script and everything it imports.
struct Visit<'a> {
    sources: &'a Sources,
    engine: &'a Engine,
    resolver: Resolver,
    /// The scripts that lead here, outermost first.
    way: Vec<String>,
    seen: BTreeSet<String>,
    /// What those have that were imported.
    modules: Modules,
    found: Vec<Finding>,
    /// What is touched.
    effects: Effects,
    /// Whether to find also what can run but should not be left so.
    advises: bool,
}

impl<'a> Visit<'a> {
    fn new(script: &Script, sources: &'a Sources, engine: &'a Engine) -> Visit<'a> {
        Visit {
            sources,
            engine,
            resolver: Resolver::new(sources.clone(), &script.root),
            way: Vec::new(),
            seen: BTreeSet::new(),
            modules: Modules::new(),
            found: Vec::new(),
            effects: Effects::default(),
            advises: false,
        }
    }

    fn script(&mut self, name: &str) -> Option<AST> {
        let text = self.sources.get(name).map(|source| source.text).unwrap_or_default();
        self.text(name, &text, None)
    }

    fn text(&mut self, name: &str, text: &str, earlier: Option<&Earlier>) -> Option<AST> {
        self.seen.insert(name.to_string());
        let declared = earlier.map_or(&[][..], |earlier| earlier.names);
        let Compiled { ast, written } = match compile::compile_among(self.engine, name, text, declared) {
            Ok(compiled) => compiled,
            Err(error) => {
                self.found.push(diagnose::syntax(&error, name, self.sources));
                return None;
            }
        };
        let functions = Functions::of(name, &written, earlier.map(|earlier| earlier.functions));
        let mut found = findings(&written, &functions, name, self.sources, self.engine);
        if self.advises {
            let advice = idle::loops(&written).into_iter().chain(flow::troubles(&written, text));
            found.extend(advice.map(|(trouble, position)| trouble.at(self.sources.place(name, position))));
            found.retain(|finding| !is_meant(finding));
            self.effects.add(&written, &|position| self.sources.place(name, position));
        }
        let start = self.found.len();
        let files = self.imports(name, &written, earlier.map_or(0, |earlier| earlier.imports));
        let calls = modules::troubles(&written, &files, &self.modules);
        found.extend(
            calls.into_iter().map(|(trouble, position)| trouble.at(self.sources.place(name, position))),
        );
        // What is wrong here comes before what is wrong in the imports.
        self.found.splice(start..start, in_order(found));
        self.modules.insert(name.to_string(), Module::of(&written));
        Some(ast)
    }

    /// Looks at what a script imports, but for the first `done`; answers which file each name stands for, if it is one.
    fn imports(&mut self, name: &str, written: &AST, done: usize) -> BTreeMap<String, Option<String>> {
        let mut files: BTreeMap<String, Option<String>> = BTreeMap::new();
        self.way.push(name.to_string());
        for Import { path, alias, position } in modules::imports(written).into_iter().skip(done) {
            let place = self.sources.place(name, position);
            let found = self.resolver.find(Some(name), &path);
            let file = found.as_ref().ok().map(|(file, _)| file.clone());
            // A name that stands for two files at different places is not followed.
            let first = files.entry(alias).or_insert_with(|| file.clone());
            *first = first.take().filter(|known| file.as_ref() == Some(known));
            match found {
                Ok((file, _)) if self.way.contains(&file) => {
                    let error = resolver::circle(&self.way, &file);
                    self.found.push(diagnose::raised(&error, place));
                }
                Ok((file, source)) if !self.seen.contains(&file) => {
                    self.sources.add(&file, source);
                    self.script(&file);
                }
                Ok(_) => {}
                Err(error) => self.found.push(diagnose::raised(&error, place)),
            }
        }
        self.way.pop();
        files
    }
}

/// Everything wrong with the calls of one program.
fn findings(
    written: &AST,
    functions: &Functions,
    name: &str,
    sources: &Sources,
    engine: &Engine,
) -> Vec<Finding> {
    let mut found = Vec::new();
    effects::each_call(written, &mut |call| {
        let place = |position| sources.place(name, position);
        let called = calls::trouble(call, functions, engine);
        found.extend(called.map(|(trouble, position)| trouble.at(place(position))));
        if functions.has(call) {
            return;
        }
        let given = literals::troubles(call).into_iter().chain(options::troubles(call));
        found.extend(given.map(|(trouble, position)| trouble.at(place(position))));
        if let Some((error, position)) = kinds::wrong(call) {
            found.push(Finding { code: Some("V022"), ..diagnose::raised(&error, place(position)) });
        }
        // A test may want to see what is said about a day that there is not.
        let times =
            if functions.tests() || functions.may_be_held(call) { Vec::new() } else { times::wrong(call) };
        for (error, position) in times {
            found.push(Finding { code: Some("V021"), ..diagnose::raised(&error, place(position)) });
        }
    });
    found
}

/// Findings as they stand in the text, each once.
fn in_order(mut found: Vec<Finding>) -> Vec<Finding> {
    let place = |finding: &Finding| finding.place.as_ref().map(|place| (place.line, place.column));
    found.sort_by_key(|finding| (place(finding), finding.code));
    found.dedup_by_key(|finding| (place(finding), finding.message.clone()));
    found
}

/// Whether somebody has said beside a remark that it is meant so: `// V052: …`, on its line or the line above.
fn is_meant(finding: &Finding) -> bool {
    let (Some(code), Some(place)) = (finding.code.filter(|_| finding.is_remark()), &finding.place) else {
        return false;
    };
    let lines: Vec<&str> = place.source.lines().collect();
    let says = |line: usize| {
        let comment = lines.get(line).and_then(|text| text.split_once("//"));
        comment.is_some_and(|(_, words)| words.trim_start().starts_with(code))
    };
    let at = place.line.saturating_sub(1);
    says(at) || at > 0 && lines[at - 1].trim_start().starts_with("//") && says(at - 1)
}

/// One call of a function by name.
pub struct Call<'a> {
    /// Its name and values.
    pub written: &'a FnCallExpr,
    /// Where its name stands.
    pub position: Position,
    /// Whether it is written `value.name(…)`.
    pub method: bool,
}

impl Call<'_> {
    /// How many values it gets, with the one before the dot.
    pub fn values(&self) -> usize {
        self.written.args.len() + usize::from(self.method)
    }

    /// Whether it calls a plain function: no operator, and nothing of an imported module.
    pub fn is_plain(&self) -> bool {
        self.written.op_token.is_none() && self.written.namespace.is_empty()
    }
}
