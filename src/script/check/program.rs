//! A script as its values are followed through it: its functions, and what holds everywhere in it.

use crate::script::compile;
use rhai::{AST, ASTNode, Expr, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// A function of the script.
pub struct Function {
    /// The names of what it is given; what it has captured comes first.
    pub params: Vec<String>,
    /// What it does.
    pub body: Vec<Stmt>,
}

/// The functions of a script, by name and number of values.
pub type Functions = BTreeMap<(String, usize), Function>;

/// The functions of a script, those without a name among them.
pub fn functions(written: &AST) -> Functions {
    let mut all = Functions::new();
    for function in written.iter_functions() {
        let (name, count) = (function.name.to_string(), function.params.len());
        let only = compile::alone(written, function.name, count);
        let mut body = Vec::new();
        only.walk(&mut |path: &[ASTNode]| {
            if let [ASTNode::Stmt(statement)] = path {
                body.push((*statement).clone());
            }
            true
        });
        let params = function.params.iter().map(ToString::to_string).collect();
        all.insert((name, count), Function { params, body });
    }
    all
}

/// What holds for a whole script.
pub struct Facts {
    /// Variables that get another value later on; whether that stays a whole number.
    pub assigned: BTreeMap<String, bool>,
    /// Texts that stand in the script by themselves: `"subject" in record` asks for a field before it is read.
    pub mentioned: BTreeSet<String>,
    /// Whether it asks records for their kind.
    pub asks_kind: bool,
    /// What its text says about the script itself.
    pub text: String,
}

impl Facts {
    /// What the text of a script gives away at once.
    pub fn of(written: &AST, text: &str) -> Facts {
        let mut facts = Facts {
            assigned: BTreeMap::new(),
            mentioned: BTreeSet::new(),
            asks_kind: false,
            text: text.to_string(),
        };
        written.walk(&mut |path: &[ASTNode]| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Assignment(parts))) => {
                    if let Expr::Variable(named, ..) = &parts.1.lhs {
                        let counts = parts.0.is_op_assignment() && is_count(&parts.1.rhs);
                        let still = facts.assigned.entry(named.1.to_string()).or_insert(true);
                        *still = *still && counts;
                    }
                }
                Some(ASTNode::Expr(Expr::StringConstant(text, _))) => {
                    facts.mentioned.insert(text.to_string());
                }
                Some(ASTNode::Expr(Expr::MethodCall(call, _))) if call.name == "object" => {
                    facts.asks_kind = true;
                }
                _ => {}
            }
            true
        });
        facts
    }
}

/// Whether adding it to a whole number gives a whole number, whatever else happens.
fn is_count(value: &Expr) -> bool {
    matches!(value, Expr::IntegerConstant(..))
}
