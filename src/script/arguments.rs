//! The arguments a script asks for with `arg("name", …)`, `ask` and `choose`, read from its text.

use super::words::did_you_mean;
use crate::error::Error;
use rhai::{AST, ASTNode, Expr, Stmt};
use std::collections::BTreeSet;

/// The functions whose first value `--arg` answers.
const ASKING: &[&str] = &["arg", "ask", "choose"];

/// An error if a name was given that the script never asks for: it is misspelt, and the default would be used in its
/// place.
pub fn unasked<'a>(ast: &AST, given: impl IntoIterator<Item = &'a String>) -> Result<(), Error> {
    let Some(asked) = asked(ast) else { return Ok(()) };
    for name in given {
        if !asked.contains(name) {
            let near = did_you_mean(name, asked.iter().map(String::as_str));
            let help = if asked.is_empty() {
                "it asks for none; a script reads one with arg(\"name\", default)".to_string()
            } else {
                format!("it asks for: {}", asked.iter().cloned().collect::<Vec<_>>().join(", "))
            };
            return Err(Error::usage(format!("the script asks for no --arg {name}{near}"), help));
        }
    }
    Ok(())
}

/// Every name that is asked for; `None` if that cannot be told from the text, because a name is worked out or another
/// file is imported.
fn asked(ast: &AST) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let certain = ast.walk(&mut |path: &[ASTNode]| match path.last() {
        Some(ASTNode::Stmt(Stmt::Import(..))) => false,
        Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)))
            if ASKING.contains(&call.name.as_str()) =>
        {
            match call.args.first() {
                Some(Expr::StringConstant(name, _)) => {
                    names.insert(name.trim().to_string());
                    true
                }
                _ => false,
            }
        }
        _ => true,
    });
    certain.then_some(names)
}
