//! Values that stand in the call itself and are of a kind that the action never takes: `get_account(42)`.

use super::Call;
use crate::catalogue::{self, Action, Object, Thing};
use crate::script::actions;
use crate::script::raise::Raised;
use crate::script::thing::Key;
use rhai::{Array, Dynamic, Expr, Map, Position};

/// What the action would say when it is run, and where the value stands.
pub fn wrong(call: &Call) -> Option<(Raised, Position)> {
    if !call.is_plain() || call.method {
        return None;
    }
    let name = call.written.name.as_str();
    let (object, action) = catalogue::actions().find(|(_, action)| action.name == name)?;
    let (thing, map) = places(action)?;
    // One value more than these, and the profile comes first.
    if call.written.args.len() > map.or(thing).map_or(0, |last| last + 1) {
        return None;
    }
    let value = |place: Option<usize>| call.written.args.get(place?);
    value(thing)
        .and_then(|value| no_thing(value, object, action))
        .or_else(|| value(map).and_then(|value| no_map(value, object, action)))
}

/// Where an action takes what it is about, and its map; searches are another matter.
fn places(action: &Action) -> Option<(Option<usize>, Option<usize>)> {
    if action.exactly_one {
        return None;
    }
    let first = usize::from(action.parent.is_some());
    let thing = (action.thing != Thing::None).then_some(first);
    let map = action.takes_map().then_some(first + usize::from(thing.is_some()));
    Some((thing, map))
}

fn no_thing(value: &Expr, object: &Object, action: &Action) -> Option<(Raised, Position)> {
    // Several at once stand in a list.
    let literal = literal(value).filter(|literal| !literal.is::<Array>())?;
    Some((Key::of(&literal, object.name, action.name).err()?, value.position()))
}

fn no_map(value: &Expr, object: &Object, action: &Action) -> Option<(Raised, Position)> {
    let literal = literal(value).filter(|literal| !literal.is::<Map>())?;
    Some((actions::not_a_map(object, action, &literal), value.position()))
}

/// A value that stands in the script as it is.
fn literal(value: &Expr) -> Option<Dynamic> {
    match value {
        Expr::BoolConstant(..)
        | Expr::IntegerConstant(..)
        | Expr::FloatConstant(..)
        | Expr::StringConstant(..)
        | Expr::Unit(..) => value.get_literal_value(None),
        _ => None,
    }
}
