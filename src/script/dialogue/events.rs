//! The hooks of a dialogue: what `on(…)` at the prompt has registered, and events for them.

use super::super::hooks::{End, Happening, HookSpec};
use super::super::serve::Server;
use super::Dialogue;
use crate::gate::Mode;
use rhai::EvalAltResult;
use std::rc::Rc;

/// Through which gate the changes of an event go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// The dialogue's own, as if they were typed.
    Here,
    /// One for this event, with its own run. In a dry run they are collected with those of the dialogue.
    Own,
}

impl Dialogue {
    /// The hooks with the numbers of the inputs that have registered them.
    pub fn hooks(&self) -> Vec<(HookSpec, Option<usize>)> {
        let of = |spec: &HookSpec| self.number_at(spec.place.as_ref()?.line);
        self.hooks.list.borrow().iter().map(|hook| (hook.spec.clone(), of(&hook.spec))).collect()
    }

    /// Takes a hook away; whether there was one.
    pub fn drop_hook(&mut self, name: &str) -> bool {
        let mut list = self.hooks.list.borrow_mut();
        let before = list.len();
        list.retain(|hook| hook.spec.name != name);
        list.len() < before
    }

    /// Handles an event with the hook of that name; one that is gone by now wants nothing.
    pub fn handle(&mut self, name: &str, happening: &Happening, through: Through) -> End {
        let hooks = Rc::clone(&self.hooks);
        let list = hooks.list.borrow();
        let Some(hook) = list.iter().find(|hook| hook.spec.name == name) else { return End::NotWanted };
        self.host.next_run();
        self.exit.set(None);
        hooks.closed.set(Some((
            "it is too late for that while an event is handled",
            "register every hook at the prompt",
        )));
        let host = Rc::clone(&self.host);
        let explain = |error: Box<EvalAltResult>| self.ended(*error);
        let server = Server { host: &host, hooks: &hooks, exit: &self.exit, explain: &explain };
        let end = if through == Through::Here || host.tenant.gate().mode() == Mode::DryRun {
            server.handle_here(hook, happening)
        } else {
            server.handle(hook, happening)
        };
        hooks.closed.set(None);
        self.host.next_run();
        end
    }
}
