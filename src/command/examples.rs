//! `examples` and `new`: the cookbook, and scripts that begin from it.

use super::{Context, form};
use crate::cli::{Examples, ExamplesCommand, Format, New};
use crate::cookbook::{RECIPES, Recipe, recipe};
use crate::error::Error;
use crate::script::words::did_you_mean;
use crate::{exit, show};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Lists the cookbook, shows a script of it, or copies one.
pub fn run(context: &Context, options: &Examples) -> Result<u8, Error> {
    match &options.command {
        None => list(context),
        Some(ExamplesCommand::Show { name }) => context.console.write(named(name)?.text),
        Some(ExamplesCommand::Copy { name }) => {
            let recipe = named(name)?;
            let path = PathBuf::from(format!("{}.rhai", recipe.name));
            write(&path, &as_file(recipe, &path))?;
            next_steps(context, &path);
        }
    }
    Ok(exit::DONE)
}

/// Writes a new script: a short one that works, or one from the cookbook under another name.
pub fn new(context: &Context, options: &New) -> Result<u8, Error> {
    let path = path_of(&options.name)?;
    let text = match &options.from {
        Some(name) => as_file(named(name)?, &path),
        None => beginning(&path),
    };
    write(&path, &text)?;
    next_steps(context, &path);
    Ok(exit::DONE)
}

fn list(context: &Context) {
    let format = context.console.format_or(Format::Table);
    if format == Format::Table {
        let columns = ["example".to_string(), "what it does".to_string()];
        let row = |recipe: &Recipe| -> Vec<Value> { vec![recipe.name.into(), recipe.about().into()] };
        let rows: Vec<Vec<Value>> = RECIPES.iter().map(row).collect();
        context.console.line(&show::table(&columns, &rows, context.console.width()));
        context.console.say("copy one: vitally-script examples copy renewals");
        return;
    }
    let all: Value = RECIPES
        .iter()
        .map(|recipe| json!({ "name": recipe.name, "about": recipe.about(), "script": recipe.text }))
        .collect();
    form::write(&context.console, &all, None, format);
}

fn named(name: &str) -> Result<&'static Recipe, Error> {
    let plain = name.trim_end_matches(".rhai");
    recipe(plain).ok_or_else(|| {
        let names = RECIPES.iter().map(|recipe| recipe.name);
        Error::usage(
            format!("there is no example \"{name}\"{}", did_you_mean(plain, names)),
            "vitally-script examples lists them",
        )
    })
}

/// The text of an example, which names the file it stands in.
fn as_file(recipe: &Recipe, path: &Path) -> String {
    recipe.text.replace(&format!("scripts/{}.rhai", recipe.name), &path.display().to_string())
}

fn path_of(name: &str) -> Result<PathBuf, Error> {
    let path = Path::new(name);
    let named = path.file_stem().is_some_and(|stem| !stem.is_empty());
    match path.extension() {
        _ if !named || name.ends_with(['/', '\\']) => Err(Error::usage(
            format!("\"{name}\" cannot be a script's name"),
            "such as: vitally-script new churn_report",
        )),
        None => Ok(path.with_extension("rhai")),
        Some(end) if end == "rhai" => Ok(path.into()),
        Some(_) => Err(Error::usage(
            format!("\"{name}\" does not end with .rhai, as scripts do"),
            "leave the ending out: it is added",
        )),
    }
}

/// A script that is there already is never written over.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let written = File::options().write(true).create_new(true).open(path);
    let written = written.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|cause| match cause.kind() {
        ErrorKind::AlreadyExists => Error::usage(
            format!("{} is there already, and stays as it is", path.display()),
            "choose another name: vitally-script new NAME --from EXAMPLE",
        ),
        _ => Error::File { path: path.into(), doing: "write", cause },
    })
}

fn beginning(path: &Path) -> String {
    format!(
        "//! Says in one line what it is for.\n\
         //!\n\
         //!   vitally-script run {} -n\n\
         \n\
         const MOST = arg(\"most\", 5, \"How many accounts to look at\");\n\
         \n\
         for account in accounts().take(MOST) {{\n    \
             print(`${{account.name}}: ${{account.healthScore ?? \"no score\"}}`);\n\
         }}\n",
        typed(path)
    )
}

/// A path as it is typed into a shell.
fn typed(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("\"{text}\"") } else { text }
}

fn next_steps(context: &Context, path: &Path) {
    context.console.say(&format!("{} is written", path.display()));
    let path = typed(path);
    context.console.say(&format!("try it: vitally-script run {path} --demo"));
    context.console.say(&format!("find mistakes: vitally-script check {path}"));
}
