//! Follows values through a script, function by function as they are called, to find what their origin gives away.

use super::hazards::Around;
use super::program::{self, Facts, Functions};
use super::shape::Shape;
use super::values::links;
use super::{kept, remarks};
use crate::script::diagnose::Trouble;
use rhai::{AST, ASTFlags, Expr, Position, Stmt};
use std::collections::BTreeMap;

/// So many calls are followed in one script; after that, functions are taken as known.
const CALLS: usize = 2_000;
/// Functions that call each other so deep are followed.
const DEEP: usize = 24;

/// Everything that the values of a script give away, and where.
pub fn troubles(written: &AST, text: &str) -> Vec<(Trouble, Position)> {
    let functions = program::functions(written);
    let mut flow = Flow {
        facts: Facts::of(written, text),
        scope: Vec::new(),
        around: Around::script(text),
        returned: Vec::new(),
        active: Vec::new(),
        looked_at: BTreeMap::new(),
        found: Vec::new(),
        functions: &functions,
    };
    flow.block(written.statements(), true);
    for (name, count) in flow.functions.keys() {
        if !flow.looked_at.keys().any(|known| known.starts_with(&format!("{name}/"))) {
            flow.around = Around::default();
            flow.function(name, &vec![Shape::Unknown; *count]);
        }
    }
    flow.found
}

/// One way through a script.
pub struct Flow<'a> {
    /// The functions of the script.
    pub functions: &'a Functions,
    /// What holds for the whole script.
    pub facts: Facts,
    /// What is known of the variables, innermost last.
    pub scope: Vec<(String, Shape)>,
    /// What the code that is looked at is part of.
    pub around: Around,
    /// What the functions that are looked at return, innermost last.
    returned: Vec<Shape>,
    active: Vec<String>,
    looked_at: BTreeMap<String, Shape>,
    /// What was found so far.
    pub found: Vec<(Trouble, Position)>,
}

impl Flow<'_> {
    /// Remembers what was found.
    pub fn tell(&mut self, found: Option<(Trouble, Position)>) {
        self.found.extend(found);
    }

    /// What a function answers that is called with values of these shapes.
    pub fn function(&mut self, name: &str, values: &[Shape]) -> Shape {
        let functions = self.functions;
        let Some(function) = functions.get(&(name.to_string(), values.len())) else { return Shape::Unknown };
        let values: Vec<Shape> = if self.facts.asks_kind {
            values.iter().map(|_| Shape::Unknown).collect()
        } else {
            values.to_vec()
        };
        let words: Vec<String> = values.iter().map(|value| value.word()).collect();
        let key = format!("{name}/{}/{}", words.join(","), self.around.word());
        if let Some(known) = self.looked_at.get(&key) {
            return *known;
        }
        let circle = self.active.iter().any(|active| active == name);
        if circle || self.active.len() >= DEEP || self.looked_at.len() >= CALLS {
            return Shape::Unknown;
        }
        self.looked_at.insert(key.clone(), Shape::Unknown);
        let outside = std::mem::take(&mut self.scope);
        self.scope.extend(function.params.iter().cloned().zip(values).map(|(name, value)| {
            let again = self.facts.assigned.contains_key(&name);
            (name, if again { Shape::Unknown } else { value })
        }));
        self.active.push(name.to_string());
        self.returned.push(Shape::Empty);
        let last = self.block(&function.body, true);
        let answer = self.returned.pop().unwrap_or(Shape::Empty).or(last);
        self.active.pop();
        self.scope = outside;
        self.looked_at.insert(key, answer);
        answer
    }

    /// The statements of a block; whether its last value is used.
    pub fn block(&mut self, statements: &[Stmt], used: bool) -> Shape {
        let depth = self.scope.len();
        let mut last = Shape::Empty;
        for (at, statement) in statements.iter().enumerate() {
            last = self.statement(statement, used && at + 1 == statements.len());
        }
        self.scope.truncate(depth);
        last
    }

    fn statement(&mut self, statement: &Stmt, used: bool) -> Shape {
        match statement {
            Stmt::Var(parts, _, _) => {
                let value = self.value(&parts.1);
                self.tell(remarks::keeps_nothing(&parts.1));
                let name = parts.0.name.to_string();
                let value = match (self.facts.assigned.get(&name), value) {
                    (None, value) => value,
                    (Some(true), Shape::Integer) => Shape::Integer,
                    _ => Shape::Unknown,
                };
                self.scope.push((name, value));
                Shape::Empty
            }
            Stmt::Assignment(parts) => {
                self.value(&parts.1.rhs);
                if !parts.0.is_op_assignment() {
                    self.tell(remarks::keeps_nothing(&parts.1.rhs));
                }
                self.assign(&parts.1.lhs);
                Shape::Empty
            }
            Stmt::FnCall(call, position) => self.call(call, *position, None),
            Stmt::Expr(value) => {
                if !used {
                    self.tell(remarks::thrown_away(value));
                }
                self.value(value)
            }
            Stmt::Block(block) => self.block(block.statements(), used),
            Stmt::If(parts, _) => {
                self.value(&parts.expr);
                let first = self.block(parts.body.statements(), used);
                first.or(self.block(parts.branch.statements(), used))
            }
            Stmt::Switch(parts, _) => {
                self.value(&parts.0);
                let values = parts.1.expressions.iter().map(|case| {
                    self.value(&case.lhs);
                    self.value(&case.rhs)
                });
                let values: Vec<Shape> = values.collect();
                values.into_iter().fold(Shape::Empty, Shape::or)
            }
            Stmt::While(parts, _) | Stmt::Do(parts, _, _) => {
                self.looping(|flow| {
                    flow.value(&parts.expr);
                    flow.block(parts.body.statements(), false);
                });
                Shape::Empty
            }
            Stmt::For(parts, _) => {
                let item = self.value(&parts.2.expr).item();
                let depth = self.scope.len();
                self.scope.push((parts.0.name.to_string(), item));
                self.scope.extend(parts.1.iter().map(|count| (count.name.to_string(), Shape::Integer)));
                if !item.is_fixed() {
                    self.found.extend(kept::lost(&parts.0.name, parts.2.body.statements()));
                }
                self.looping(|flow| {
                    flow.block(parts.2.body.statements(), false);
                });
                self.scope.truncate(depth);
                Shape::Empty
            }
            Stmt::TryCatch(parts, _) => {
                self.block(parts.body.statements(), false);
                let depth = self.scope.len();
                if let Expr::Variable(named, ..) = &parts.expr {
                    self.scope.push((named.1.to_string(), Shape::Unknown));
                }
                self.block(parts.branch.statements(), false);
                self.scope.truncate(depth);
                Shape::Empty
            }
            Stmt::Return(value, flags, _) => {
                let value = value.as_ref().map_or(Shape::Empty, |value| self.value(value));
                if !flags.intersects(ASTFlags::BREAK)
                    && let Some(returned) = self.returned.last_mut()
                {
                    *returned = returned.or(value);
                }
                Shape::Empty
            }
            Stmt::BreakLoop(Some(value), _, _) => {
                self.value(value);
                Shape::Unknown
            }
            _ => Shape::Empty,
        }
    }

    /// The same with what is done for every item.
    pub fn looping(&mut self, work: impl FnOnce(&mut Self)) {
        let outside = self.around;
        self.around.in_loop = true;
        work(self);
        self.around = outside;
    }

    /// What is stored in something that is inside something else.
    fn assign(&mut self, target: &Expr) {
        let (Expr::Dot(parts, ..) | Expr::Index(parts, ..)) = target else { return };
        let links = links(target);
        let Some((last, before)) = links.split_last() else { return };
        let inside = before.iter().fold(self.value(&parts.lhs), |value, link| self.link(value, link, None));
        if last.index {
            self.value(last.item);
        }
        self.tell(remarks::assigned(inside, last.item));
    }
}
