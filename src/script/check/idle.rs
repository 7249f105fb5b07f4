//! Loops that do nothing. The engine skips what goes wrong in walking a list when nothing is done with its items.

use crate::script::diagnose::Trouble;
use rhai::{AST, ASTNode, Position, Stmt};

/// Every `for` loop without anything in it, and where.
pub fn loops(written: &AST) -> Vec<(Trouble, Position)> {
    let mut found = Vec::new();
    written.walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Stmt(Stmt::For(parts, position))) = path.last()
            && parts.2.body.is_empty()
        {
            let trouble = Trouble::new(
                "this loop does nothing; errors in it would go unseen",
                "write between { and } what to do with each item, or take the loop out; .len() reads a whole list and \
                 counts it",
            );
            found.push((trouble.coded("V046"), *position));
        }
        true
    });
    found
}
