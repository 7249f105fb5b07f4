//! Finds where a function is given to a verb of the very value that the function uses, which the engine refuses.

use super::compile;
use super::diagnose::Trouble;
use rhai::{ASTNode, Expr, FnCallExpr, Position};

/// A call such as `list.filter(|item| list.len() > item)`.
struct Race {
    /// The variable.
    name: String,
    /// Whether the verb is the variable's own, and not one of something in it.
    own: bool,
    /// Where the verb stands.
    position: Position,
}

/// What to say about it, and where it is if it can be found. `told` is the engine's complaint about the verb.
pub fn explain(told: &str, text: &str) -> (Trouble, Position) {
    let verb = told.split('\'').nth(1).unwrap_or_default();
    let race = find(text, verb);
    let needed = match &race {
        Some(Race { name, own: false, .. }) => format!("let value = {name}.…;"),
        Some(Race { name, .. }) => format!("let count = {name}.len();"),
        None => "let count = list.len();".to_string(),
    };
    let help = format!("put what you need into a variable of its own first, such as: {needed}");
    match race {
        Some(Race { name, position, .. }) => {
            let message = format!("`{name}` is used inside the function that walks it");
            (Trouble::new(message, help), position)
        }
        None => (Trouble::new("a value is used inside the function that walks it", help), Position::NONE),
    }
}

/// The first call of the verb whose function uses the verb's variable; else the first whose variable any function uses.
fn find(text: &str, verb: &str) -> Option<Race> {
    let written = compile::written(text).ok()?;
    let mut used = Vec::new();
    let mut calls = Vec::new();
    let mut found = None;
    written.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, _))) if call.name == "curry" => {
                let names = captured(call);
                found = found.take().or_else(|| around(path, verb, &names));
                used.extend(names);
            }
            Some(ASTNode::Expr(Expr::MethodCall(call, position))) if call.name == verb => {
                calls.extend(root(path).map(|(name, own)| Race { name, own, position: *position }));
            }
            _ => {}
        }
        true
    });
    found.or_else(|| calls.into_iter().find(|call| used.contains(&call.name)))
}

/// The variables that a function uses from outside.
fn captured(curry: &FnCallExpr) -> Vec<String> {
    let names = curry.args.iter().filter_map(|value| match value {
        Expr::Variable(variable, ..) => Some(variable.1.to_string()),
        _ => None,
    });
    names.collect()
}

/// The call of the verb that the path leads through, if it is about one of these variables.
fn around(path: &[ASTNode], verb: &str, names: &[String]) -> Option<Race> {
    path.iter().enumerate().rev().find_map(|(at, node)| match node {
        ASTNode::Expr(Expr::MethodCall(call, position)) if call.name == verb => {
            let (name, own) = root(&path[..=at])?;
            names.contains(&name).then_some(Race { name, own, position: *position })
        }
        _ => None,
    })
}

/// The variable at the start of the chain of dots that the path ends in, and whether there is nothing in between.
fn root(path: &[ASTNode]) -> Option<(String, bool)> {
    let chain = path.iter().rev().skip(1);
    let dots = chain.map_while(|node| match node {
        ASTNode::Expr(Expr::Dot(sides, ..) | Expr::Index(sides, ..)) => Some(&sides.lhs),
        _ => None,
    });
    let lefts: Vec<&Expr> = dots.collect();
    match lefts.last()? {
        Expr::Variable(variable, ..) => Some((variable.1.to_string(), lefts.len() == 1)),
        _ => None,
    }
}
