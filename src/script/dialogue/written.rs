//! What an input is, by its text alone.

use super::super::compile;
use rhai::{ASTNode, Expr, Stmt};

/// What an input is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// One expression and nothing else, so that it can stand after `let name =`.
    pub is_expression: bool,
    /// The functions it writes, with the number of their values.
    pub functions: Vec<(String, usize)>,
    /// It writes functions and does nothing.
    pub only_functions: bool,
    /// The functions it calls.
    pub calls: Vec<String>,
    /// More can follow it without a semicolon.
    pub ends: bool,
}

/// Looks at the text of an input. Of one that does not compile nothing is known.
pub fn written(text: &str) -> Written {
    let Ok(ast) = compile::written(text) else { return Written::default() };
    let named = ast.iter_functions().filter(|function| !function.name.contains('$'));
    let functions: Vec<_> =
        named.map(|function| (function.name.to_string(), function.params.len())).collect();
    let is_expression =
        matches!(ast.statements(), [Stmt::Expr(_) | Stmt::FnCall(_, _)]) && functions.is_empty();
    let mut calls = Vec::new();
    ast.walk(&mut |path: &[ASTNode]| {
        if let Some(
            ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
            | ASTNode::Stmt(Stmt::FnCall(call, _)),
        ) = path.last()
        {
            calls.push(call.name.to_string());
        }
        true
    });
    Written {
        is_expression,
        only_functions: ast.statements().is_empty() && !functions.is_empty(),
        ends: compile::written(&format!("{text}\nlet a = 1;")).is_ok(),
        functions,
        calls,
    }
}
