//! Text to program: strict about names, and the same for a script, its modules and `check`.

use super::{globals, limits};
use rhai::{AST, ASTFlags, Engine, OptimizationLevel, ParseError, Scope, Stmt};

/// A compiled text.
pub struct Compiled {
    /// What is run.
    pub ast: AST,
    /// The same as it was written, for looking at: nothing is folded or left out.
    pub written: AST,
}

/// Compiles a text so that unknown variables are refused, while functions see the constants of their script and
/// may be named before they are written.
pub fn compile(engine: &Engine, name: &str, text: &str) -> Result<Compiled, ParseError> {
    compile_among(engine, name, text, &[])
}

/// The same, where these names were declared before.
pub fn compile_among(
    engine: &Engine,
    name: &str,
    text: &str,
    declared: &[String],
) -> Result<Compiled, ParseError> {
    let mut names = Scope::new();
    for name in globals::NAMES.iter().copied().chain(declared.iter().map(String::as_str)) {
        names.push(name, ());
    }
    let written = written(text)?;
    for function in written.iter_functions() {
        names.push(function.name, ());
    }
    for constant in constants(&written) {
        names.push(constant, ());
    }
    let mut ast = engine.compile_with_scope(&names, text)?;
    ast.set_source(name);
    Ok(Compiled { ast, written })
}

/// A text as it was written, for looking at: nothing is folded or left out, and names may be unknown.
pub fn written(text: &str) -> Result<AST, ParseError> {
    names_engine().compile(text)
}

/// An engine that only parses, and does not mind unknown names.
fn names_engine() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_max_expr_depths(limits::NESTING, limits::NESTING);
    engine.set_optimization_level(OptimizationLevel::None);
    engine
}

/// One function of a program without anything else.
pub fn alone(ast: &AST, name: &str, params: usize) -> AST {
    // Filtering while cloning keeps everything in Rhai 1.27.
    let mut only = ast.clone_functions_only();
    only.retain_functions(|_, _, known, count| known == name && count == params);
    only
}

/// The constants that a program declares outside its functions.
pub fn constants(ast: &AST) -> Vec<String> {
    let declared = ast.statements().iter().filter_map(|statement| match statement {
        Stmt::Var(parts, flags, _) if flags.intersects(ASTFlags::CONSTANT) => Some(parts.0.name.to_string()),
        _ => None,
    });
    declared.collect()
}
