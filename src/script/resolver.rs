//! Finds what `import` names: embedded modules under `std/`, else files beside the importing script.

use super::raise::{Raised, mistake};
use super::source::{Source, Sources, prepared};
use super::words::did_you_mean;
use super::{compile, globals};
use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Shared};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A module, and the text it was made from.
type Loaded = (Arc<str>, Shared<Module>);

/// Finds and compiles modules, each once as long as its file stays as it is.
pub struct Resolver {
    sources: Sources,
    /// The folder that imports may not leave.
    root: PathBuf,
    loaded: RefCell<BTreeMap<String, Loaded>>,
    /// Modules that are being loaded now, outermost first.
    loading: RefCell<Vec<String>>,
}

impl Resolver {
    /// A resolver that keeps the texts it reads in `sources`.
    pub fn new(sources: Sources, root: &Path) -> Resolver {
        Resolver {
            sources,
            root: root.to_path_buf(),
            loaded: RefCell::default(),
            loading: RefCell::default(),
        }
    }

    /// The module's name and text, without running it.
    pub fn find(&self, importer: Option<&str>, path: &str) -> Result<(String, Source), Raised> {
        if let Some(embedded) = path.strip_prefix("std/") {
            return super::library::embedded(embedded)
                .map(|text| (path.to_string(), embedded_source(text)))
                .ok_or_else(|| {
                    let names: Vec<String> =
                        super::library::MODULES.iter().map(|(name, _)| format!("std/{name}")).collect();
                    let near = did_you_mean(path, names.iter().map(String::as_str));
                    mistake(
                        format!("there is no built-in module \"{path}\"{near}"),
                        "write the name without std/ to import a file of your own",
                    )
                });
        }
        let folder = importer.and_then(|name| self.sources.get(name)).and_then(|source| source.folder);
        self.read(folder.as_deref().unwrap_or(&self.root), path)
    }

    fn read(&self, folder: &Path, path: &str) -> Result<(String, Source), Raised> {
        let mut file = folder.join(path);
        if file.extension().is_none() {
            file.set_extension("rhai");
        }
        let real = file.canonicalize().map_err(|_| {
            mistake(
                format!("there is no file \"{}\" to import{}", file.display(), nearest(&file, path)),
                "imports are looked for beside the script that imports them; check the spelling",
            )
        })?;
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        let Ok(name) = real.strip_prefix(&root) else {
            return Err(mistake(
                format!("\"{path}\" is outside the project folder, so it is not imported"),
                format!("copy the file into {}", root.display()),
            ));
        };
        if real.extension().is_none_or(|extension| extension != "rhai") {
            return Err(mistake(
                format!("\"{path}\" is not a script: only .rhai files can be imported"),
                "read data with a function, not with import",
            ));
        }
        let bytes = std::fs::read(&real).map_err(|cause| {
            mistake(format!("\"{path}\" cannot be read: {cause}"), "check that it is a file you may read")
        })?;
        let text = String::from_utf8(bytes).map_err(|_| {
            mistake(format!("\"{path}\" is not a text file in UTF-8"), "save it as UTF-8 in your editor")
        })?;
        let folder = real.parent().map(Path::to_path_buf);
        Ok((name.display().to_string(), Source { text: prepared(&text).into(), folder, hidden_lines: 0 }))
    }

    fn load(&self, engine: &Engine, name: &str, position: Position) -> Result<Shared<Module>, Raised> {
        let inside =
            |cause: Raised| Box::new(EvalAltResult::ErrorInModule(name.to_string(), cause, position));
        let source = self.sources.get(name).map(|source| source.text).unwrap_or_default();
        let compiled = compile::compile(engine, name, &source).map_err(|error| inside(error.into()))?;
        let module = Module::eval_ast_as_new(globals::scope(), &compiled.ast, engine).map_err(inside)?;
        Ok(module.into())
    }
}

/// The script in the same folder that is probably meant, as it is written in an import.
fn nearest(file: &Path, path: &str) -> String {
    let (folder, typed) = path.rsplit_once('/').map_or(("", path), |(folder, typed)| (folder, typed));
    let beside = file.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let mut names: Vec<String> = beside
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|other| other.extension().is_some_and(|extension| extension == "rhai"))
        .filter_map(|other| Some(other.file_stem()?.to_str()?.to_string()))
        .collect();
    names.sort();
    let near = did_you_mean(typed.trim_end_matches(".rhai"), names.iter().map(String::as_str));
    if folder.is_empty() { near } else { near.replacen('"', &format!("\"{folder}/"), 1) }
}

/// The error of scripts that import each other.
pub fn circle(way: &[String], again: &str) -> Raised {
    let way: Vec<&str> = way.iter().map(String::as_str).chain([again]).collect();
    mistake(
        format!("scripts import each other in a circle: {}", way.join(" → ")),
        "move what both need into a third script",
    )
}

fn embedded_source(text: &str) -> Source {
    Source { text: text.into(), folder: None, hidden_lines: 0 }
}

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        importer: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Raised> {
        let at = |mut error: Raised| {
            error.set_position(position);
            error
        };
        let (name, source) = self.find(importer, path).map_err(at)?;
        if let Some((text, module)) = self.loaded.borrow().get(&name)
            && *text == source.text
        {
            return Ok(Shared::clone(module));
        }
        if self.loading.borrow().contains(&name) || importer == Some(name.as_str()) {
            return Err(at(circle(&self.loading.borrow(), &name)));
        }
        let text = Arc::clone(&source.text);
        self.sources.add(&name, source);
        self.loading.borrow_mut().push(name.clone());
        let module = self.load(engine, &name, position);
        self.loading.borrow_mut().pop();
        let module = module?;
        self.loaded.borrow_mut().insert(name, (text, Shared::clone(&module)));
        Ok(module)
    }
}
