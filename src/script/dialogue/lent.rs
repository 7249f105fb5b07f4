//! A list that is shown by nothing but the name of its variable. A copy of 100,000 maps takes longer than anybody wants to
//! wait for the first twenty, so it is made while they are read.

use super::{Dialogue, ERR, IT, OUT};
use rhai::{Dynamic, Expr, Stmt};

impl Dialogue {
    /// The list of a variable, if an input is nothing but its name. Until `settle` both are one list.
    pub(super) fn lend(&mut self, input: &[Stmt]) -> Option<Dynamic> {
        let [Stmt::Expr(expression)] = input else { return None };
        let Expr::Variable(variable, ..) = &**expression else { return None };
        let name = variable.1.as_str();
        // What was kept before may be part of itself: `out` would stand in `out`.
        if !variable.2.is_empty() || [IT, OUT, ERR].contains(&name) {
            return None;
        }
        let value = self.scope.get_mut(name).filter(|value| value.is_array() && !value.is_shared())?;
        let list = std::mem::take(value).into_shared();
        *value = list.clone();
        self.lent = Some(name.into());
        Some(list)
    }

    /// Gives the variable whose list was shown a list of its own again: what is kept of an input does not change with it.
    pub(super) fn settle(&mut self) {
        let Some(name) = self.lent.take() else { return };
        if let Some(value) = self.scope.get_mut(&name) {
            *value = std::mem::take(value).flatten();
        }
    }
}
