//! What a script would touch: every action, list and other service that it names, with those that the functions of the
//! standard library use for it.

use super::Call;
use crate::catalogue::{self, Effect, Object};
use crate::error::Place;
use crate::schedule::Crontab;
use crate::script::{compile, library};
use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What a script touches, by the names of lists.
#[derive(Debug, Default)]
pub struct Effects {
    /// Kinds of records that it reads.
    pub reads: BTreeSet<String>,
    /// Kinds of records that it makes.
    pub creates: BTreeSet<String>,
    /// Kinds of records that it changes.
    pub updates: BTreeSet<String>,
    /// Kinds of records that it deletes or archives.
    pub deletes: BTreeSet<String>,
    /// Others that it sends something to.
    pub sends: BTreeSet<&'static str>,
    /// Triggers that it listens to.
    pub hooks: BTreeSet<String>,
    /// When it runs something.
    pub schedules: Vec<Planned>,
}

/// A time to run at that stands in a script.
#[derive(Debug)]
pub struct Planned {
    /// When.
    pub crontab: Crontab,
    /// The zone that is named beside it.
    pub timezone: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
}

impl Effects {
    /// Adds what one text names.
    pub fn add(&mut self, written: &AST, place: &dyn Fn(Position) -> Option<Place>) {
        each_call(written, &mut |call| {
            let name = call.written.name.as_str();
            if !call.is_plain() {
                return;
            }
            for name in helped().get(name).into_iter().flatten().map(String::as_str).chain([name]) {
                self.call(name);
            }
            match (name, call.written.args.first()) {
                ("on", Some(Expr::StringConstant(trigger, _))) => {
                    self.hooks.insert(trigger.to_string());
                }
                ("schedule" | "every", Some(Expr::StringConstant(text, position))) => {
                    let read = if name == "every" { Crontab::every(text) } else { Crontab::parse(text) };
                    if let Ok(crontab) = read {
                        let timezone = zone(call.written);
                        self.schedules.push(Planned { crontab, timezone, place: place(*position) });
                    }
                }
                _ => {}
            }
        });
    }

    fn call(&mut self, name: &str) {
        if let Some((object, action)) = catalogue::actions().find(|(_, action)| action.name == name) {
            let kinds = match action.effect {
                Effect::Read => &mut self.reads,
                Effect::Create => &mut self.creates,
                Effect::Update => &mut self.updates,
                Effect::Delete => &mut self.deletes,
            };
            kinds.insert(plural(object));
        } else if let Some((_, list)) = catalogue::lists().find(|(_, list)| list.name == name) {
            self.reads.insert(list.name.to_string());
        }
        match name {
            "slack" => self.sends.insert("Slack"),
            "email" => self.sends.insert("e-mails"),
            "http_post" | "http_put" | "http_patch" | "http_delete" => self.sends.insert("other services"),
            _ => false,
        };
    }

    /// Whether it leaves Vitally as it is.
    pub fn changes_nothing(&self) -> bool {
        self.creates.is_empty() && self.updates.is_empty() && self.deletes.is_empty()
    }
}

/// What people call several records of a kind.
fn plural(object: &Object) -> String {
    let list = object.lists.first().map(|list| list.name.to_string());
    list.unwrap_or_else(|| format!("{}s", object.name))
}

/// The zone that is written out among the options of a schedule.
fn zone(call: &FnCallExpr) -> Option<String> {
    let Expr::Map(parts, _) = call.args.get(1)? else { return None };
    let (_, value) = parts.0.iter().find(|(key, _)| key.name == "timezone")?;
    match value {
        Expr::StringConstant(text, _) => Some(text.to_string()),
        _ => None,
    }
}

/// Every call in a text.
pub fn each_call(written: &AST, work: &mut dyn FnMut(&Call)) {
    written.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(
                ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)),
            ) => work(&Call { written: call, position: *position, method: false }),
            Some(ASTNode::Expr(Expr::MethodCall(call, position))) => {
                work(&Call { written: call, position: *position, method: true });
            }
            _ => {}
        }
        true
    });
}

/// What every function of the standard library that is written in Rhai calls, directly or by another one of them.
fn helped() -> &'static BTreeMap<String, BTreeSet<String>> {
    static CALLS: OnceLock<BTreeMap<String, BTreeSet<String>>> = OnceLock::new();
    CALLS.get_or_init(|| {
        let mut calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, text) in library::MODULES {
            let Ok(written) = compile::written(text) else { continue };
            for function in written.iter_functions() {
                let only = compile::alone(&written, function.name, function.params.len());
                let called = calls.entry(function.name.to_string()).or_default();
                each_call(&only, &mut |call| {
                    called.insert(call.written.name.to_string());
                });
            }
        }
        loop {
            let before: usize = calls.values().map(BTreeSet::len).sum();
            let known = calls.clone();
            for called in calls.values_mut() {
                let further: Vec<String> =
                    called.iter().filter_map(|name| known.get(name)).flatten().cloned().collect();
                called.extend(further);
            }
            if calls.values().map(BTreeSet::len).sum::<usize>() == before {
                return calls;
            }
        }
    })
}
