//! Watches for the wish to stop while changes are under way.

use super::shared::{Guard, LOOK, Shared};
use std::time::Duration;

/// After the wish to stop nothing leaves; what is out is given up when the grace is over. Answers when to look again.
pub(super) fn watch(shared: &Shared, state: &mut Guard) -> Duration {
    let options = &shared.options;
    shared.heed_stop(state);
    if state.halted.is_some() {
        state.drop_unsent();
    }
    let (Some(reason), Some((_, since))) = (options.stop.reason(), &state.halted) else { return LOOK };
    let left = options.grace.saturating_sub(since.elapsed());
    if state.out > 0 && left.is_zero() {
        options.give_up.set(reason);
    }
    if left.is_zero() { LOOK } else { left.min(LOOK) }
}
