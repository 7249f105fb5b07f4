//! Changes to the copy that a loop works on, which nobody looks at afterwards.

use super::remarks;
use crate::script::diagnose::Trouble;
use rhai::{ASTNode, Expr, Position, Stmt};

/// Every change to a loop's own variable that is not used later in the loop, and where.
pub fn lost(variable: &str, body: &[Stmt]) -> Vec<(Trouble, Position)> {
    let mut changes: Vec<(Position, String)> = Vec::new();
    let mut uses: Vec<Position> = Vec::new();
    let mut inner = false;
    let mut path = Vec::new();
    for statement in body {
        statement.walk(&mut path, &mut |path: &[ASTNode]| {
            match path {
                [.., ASTNode::Stmt(Stmt::Assignment(parts))] => {
                    if let Some((position, field)) = target(variable, &parts.1.lhs) {
                        changes.push((position, field));
                    }
                }
                // A loop inside this one comes back to what stands before.
                [.., ASTNode::Stmt(Stmt::For(..) | Stmt::While(..) | Stmt::Do(..))] => inner = true,
                [before @ .., ASTNode::Expr(Expr::Variable(named, _, position))] if named.1 == variable => {
                    let into = changes.iter().any(|(at, _)| at == position);
                    let within = before.last().is_some_and(|parent| {
                        matches!(parent, ASTNode::Expr(Expr::Dot(..) | Expr::Index(..)))
                    });
                    if !(into && within) {
                        uses.push(*position);
                    }
                }
                _ => {}
            }
            true
        });
    }
    let later =
        |at: &Position| uses.iter().any(|used| (used.line(), used.position()) > (at.line(), at.position()));
    let lost = changes.into_iter().filter(|(at, _)| !inner && !later(at));
    lost.map(|(at, field)| (remarks::lost(variable, &field), at)).collect()
}

/// Where the variable stands and which of its fields is set, if this is what the assignment does.
fn target(variable: &str, left: &Expr) -> Option<(Position, String)> {
    let (Expr::Dot(parts, ..) | Expr::Index(parts, ..)) = left else { return None };
    let Expr::Variable(named, _, position) = &parts.lhs else { return None };
    let field = match &parts.rhs {
        Expr::Property(field, _) => field.2.to_string(),
        Expr::StringConstant(name, _) => name.to_string(),
        _ => return None,
    };
    (named.1 == variable).then_some((*position, field))
}
