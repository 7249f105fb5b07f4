//! What is known of the values of expressions, and the calls among them.

use super::flow::Flow;
use super::shape::{self, Shape};
use super::{hazards, remarks};
use rhai::{ASTFlags, BinaryExpr, Expr, FnCallExpr, FnPtr, Position};

impl Flow<'_> {
    /// What is known of a value.
    pub fn value(&mut self, expression: &Expr) -> Shape {
        match expression {
            Expr::IntegerConstant(..) => Shape::Integer,
            Expr::FloatConstant(..) => Shape::Number,
            Expr::StringConstant(..) => Shape::Text,
            Expr::Unit(_) => Shape::Empty,
            Expr::InterpolatedString(parts, _) => {
                parts.iter().for_each(|part| {
                    self.value(part);
                });
                Shape::Text
            }
            Expr::Array(items, _) => {
                items.iter().for_each(|item| {
                    self.value(item);
                });
                Shape::Array
            }
            Expr::Map(parts, _) => {
                for (_, value) in &parts.0 {
                    match self.callable(value) {
                        Some((name, captured)) => self.closure(&name, captured, &[]),
                        None => self.value(value),
                    };
                }
                Shape::Unknown
            }
            Expr::Variable(named, ..) => {
                let known = self.scope.iter().rev().find(|(name, _)| *name == named.1.as_str());
                known.map_or(Shape::Unknown, |(_, value)| *value)
            }
            Expr::Stmt(block) => self.block(block.statements(), true),
            Expr::FnCall(call, position) => self.call(call, *position, None),
            Expr::Dot(parts, ..) | Expr::Index(parts, ..) => {
                let links = links(expression);
                let mut value = self.value(&parts.lhs);
                for (at, link) in links.iter().enumerate() {
                    value = self.link(value, link, links.get(at + 1..));
                }
                value
            }
            Expr::And(values, _) | Expr::Or(values, _) => {
                values.iter().for_each(|value| {
                    self.value(value);
                });
                Shape::Unknown
            }
            Expr::Coalesce(values, _) => {
                let values: Vec<Shape> = values.iter().map(|value| self.value(value)).collect();
                values.into_iter().reduce(Shape::or).unwrap_or(Shape::Unknown)
            }
            _ => Shape::Unknown,
        }
    }

    /// What stands behind one dot or in one pair of brackets.
    pub fn link(&mut self, value: Shape, link: &Link, rest: Option<&[Link]>) -> Shape {
        match link.item {
            Expr::Property(names, position) if !link.index => {
                self.tell(remarks::field(value, &names.2, *position, rest.unwrap_or_default(), &self.facts));
                value.field(&names.2)
            }
            Expr::MethodCall(call, position) => self.call(call, *position, Some(value)),
            index => match self.value(index) {
                Shape::Integer => value.item(),
                Shape::Text => match (index, value) {
                    (Expr::StringConstant(name, _), value) => value.field(name),
                    (_, Shape::Traits) => Shape::Trait,
                    _ => Shape::Unknown,
                },
                _ => Shape::Unknown,
            },
        }
    }

    pub fn call(&mut self, call: &FnCallExpr, position: Position, before: Option<Shape>) -> Shape {
        let name = call.name.as_str();
        let callables: Vec<Option<(String, Vec<Shape>)>> =
            call.args.iter().map(|value| self.callable(value)).collect();
        let mut values: Vec<Shape> = before.into_iter().collect();
        for (value, callable) in call.args.iter().zip(&callables) {
            let value = if callable.is_some() { Shape::Unknown } else { self.value(value) };
            values.push(value);
        }
        if call.op_token.is_some() {
            self.tell(remarks::operator(call, &values, position));
            return operated(name, &values);
        }
        if !call.namespace.is_empty() {
            self.closures(&callables, &[]);
            return Shape::Unknown;
        }
        if self.functions.contains_key(&(name.to_string(), call.args.len())) {
            self.closures(&callables, &[]);
            return self.function(name, &values[usize::from(before.is_some())..]);
        }
        self.found.extend(hazards::of(call, position, &self.around, &self.facts.text));
        let outside = self.around;
        let given = self.around.enter(call, before.is_some(), &values);
        self.closures(&callables, &given);
        self.around = outside;
        let list = before.or(values.first().copied()).unwrap_or(Shape::Unknown);
        self.found.extend(remarks::named(list, call, before.is_some()));
        shape::picked(list, name, call.args.len()).unwrap_or_else(|| shape::answer(name, &values))
    }

    /// The function that an expression is, with the shapes of what it has captured.
    fn callable(&mut self, value: &Expr) -> Option<(String, Vec<Shape>)> {
        match value {
            Expr::DynamicConstant(constant, _) => {
                Some((constant.read_lock::<FnPtr>()?.fn_name().to_string(), Vec::new()))
            }
            Expr::FnCall(call, _) if call.name == "curry" => {
                let (first, captured) = call.args.split_first()?;
                let (name, _) = self.callable(first)?;
                Some((name, captured.iter().map(|value| self.value(value)).collect()))
            }
            Expr::Variable(named, ..) => {
                let name = named.1.as_str();
                let hidden = self.scope.iter().any(|(known, _)| known == name);
                let known = self.functions.keys().any(|(known, _)| known == name);
                (known && !hidden).then(|| (name.to_string(), Vec::new()))
            }
            _ => None,
        }
    }

    fn closures(&mut self, callables: &[Option<(String, Vec<Shape>)>], given: &[Shape]) {
        for (name, captured) in callables.iter().flatten() {
            self.closure(name, captured.clone(), given);
        }
    }

    /// A function that is called with these values, as far as it takes them.
    fn closure(&mut self, name: &str, captured: Vec<Shape>, given: &[Shape]) -> Shape {
        let counts = self.functions.keys().filter(|(known, _)| known == name);
        let Some(count) = counts.map(|(_, count)| *count).max() else { return Shape::Unknown };
        let mut values = captured;
        values.extend(given);
        values.resize(count, Shape::Unknown);
        self.function(name, &values)
    }
}

/// One step into a value: a dot or brackets, and what stands there.
pub struct Link<'e> {
    /// Whether it is brackets.
    pub index: bool,
    /// What stands there.
    pub item: &'e Expr,
}

/// The steps that follow the first value of a chain of dots and brackets.
pub fn links(chain: &Expr) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    let mut at = chain;
    let mut next = parts(at);
    while let Some((current, index, ends)) = next {
        at = &current.rhs;
        next = parts(at).filter(|_| !(index && ends));
        let item = next.as_ref().map_or(at, |(inner, ..)| &inner.lhs);
        found.push(Link { index, item });
    }
    found
}

fn parts(chain: &Expr) -> Option<(&BinaryExpr, bool, bool)> {
    match chain {
        Expr::Dot(parts, flags, _) => Some((parts, false, flags.intersects(ASTFlags::BREAK))),
        Expr::Index(parts, flags, _) => Some((parts, true, flags.intersects(ASTFlags::BREAK))),
        _ => None,
    }
}

/// What an operator gives.
fn operated(sign: &str, values: &[Shape]) -> Shape {
    match (sign, values) {
        ("+" | "-" | "*" | "/" | "%", [Shape::Integer, Shape::Integer]) => Shape::Integer,
        ("+" | "-" | "*" | "/", [one, two]) if one.is_number() && two.is_number() => Shape::Number,
        ("+", [one, two]) if one.is_text() || two.is_text() => Shape::Text,
        ("-", [one]) => *one,
        _ => Shape::Unknown,
    }
}
