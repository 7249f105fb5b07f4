//! Calls of functions of imported modules: `shapes::half(4)`.

use super::{Call, effects};
use crate::script::diagnose::Trouble;
use crate::script::words::did_you_mean;
use rhai::{AST, ASTNode, Expr, FnAccess, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// The most functions that a message lists.
const MOST: usize = 12;

/// One import, where its path is written out.
pub struct Import {
    /// What it names.
    pub path: String,
    /// What it is called in the script.
    pub alias: String,
    /// Where the path stands.
    pub position: Position,
}

/// The imports of a program.
pub fn imports(written: &AST) -> Vec<Import> {
    let mut found = Vec::new();
    written.walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = path.last()
            && let Expr::StringConstant(path, position) = &import.0
        {
            let (path, alias) = (path.to_string(), import.1.name.to_string());
            found.push(Import { path, alias, position: *position });
        }
        true
    });
    found
}

/// What a module has: its functions, each with the numbers of values that it takes.
#[derive(Default)]
pub struct Module {
    open: BTreeMap<String, BTreeSet<usize>>,
    private: BTreeSet<String>,
}

impl Module {
    /// What a program has for those that import it.
    pub fn of(written: &AST) -> Module {
        let mut module = Module::default();
        for function in written.iter_functions() {
            let name = function.name.to_string();
            if function.access == FnAccess::Private {
                module.private.insert(name);
            } else if !name.contains('$') {
                module.open.entry(name).or_default().insert(function.params.len());
            }
        }
        module
    }
}

/// The modules that were looked at, by their files.
pub type Modules = BTreeMap<String, Module>;

/// What is wrong with the calls of a program into its modules, and where; `files` says which file a name stands for.
pub fn troubles(
    written: &AST,
    files: &BTreeMap<String, Option<String>>,
    modules: &Modules,
) -> Vec<(Trouble, Position)> {
    let mut found = Vec::new();
    effects::each_call(written, &mut |call| {
        // Only one module deep: what a module imports itself is its own business.
        if let [alias] = &call.written.namespace.path[..]
            && let Some(Some(file)) = files.get(alias.name.as_str())
            && let Some(module) = modules.get(file)
        {
            found.extend(trouble(call, &alias.name, file, module).map(|trouble| (trouble, call.position)));
        }
    });
    found
}

fn trouble(call: &Call, alias: &str, file: &str, module: &Module) -> Option<Trouble> {
    let (name, got) = (call.written.name.as_str(), call.written.args.len());
    if let Some(counts) = module.open.get(name) {
        let wanted: Vec<String> = counts.iter().map(|count| super::calls::plural(*count)).collect();
        return (!counts.contains(&got)).then(|| {
            Trouble::new(
                format!("{alias}::{name} takes {}, and got {got}", wanted.join(" or ")),
                format!("look at the line of {file} where it is written: fn {name}(…)"),
            )
            .coded("V022")
        });
    }
    if module.private.contains(name) {
        return Some(
            Trouble::new(
                format!("{name} is private in {file}, so nothing outside of it can call it"),
                "take away the word private before its fn",
            )
            .coded("V020"),
        );
    }
    let names: Vec<&str> = module.open.keys().map(String::as_str).collect();
    let help = match &names[..] {
        [] => format!("{file} has no functions"),
        all if all.len() <= MOST => format!("{file} has {}", all.join(", ")),
        all => format!("{file} has {} and {} more", all[..MOST].join(", "), all.len() - MOST),
    };
    let trouble =
        Trouble::new(format!("there is no function called \"{alias}::{name}\""), help).coded("V020");
    let near = did_you_mean(name, names.iter().copied());
    Some(match near.strip_prefix("; ") {
        Some(near) => trouble.labelled(near),
        None => trouble,
    })
}
