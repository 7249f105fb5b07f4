//! Verbs that choose and change items: lazy on lists, an array of the same kind on arrays.

use super::callback::{Callback, Stored};
use super::condition::Conditions;
use super::list::{List, Step};
use super::raise::{Raised, mistake};
use super::rows::{By, Call, Rows};
use super::words::described;
use rhai::{Array, Dynamic, FnPtr, Map};
use std::ops::ControlFlow::{Break, Continue};
use std::rc::Rc;

/// `where` and `filter`: a function, a map of wanted values, or a field with a value.
pub fn filter(call: &Call) -> Result<Dynamic, Raised> {
    match (call.rows, call.given_function()) {
        (Rows::List(list), Some(function)) => stored(call, list, &function, Step::Filter),
        (Rows::List(list), None) => Ok(Dynamic::from(list.with(Step::Test(Rc::new(test(call)?))))),
        (Rows::Array(items), _) => {
            let tester = tester(call)?;
            let mut kept = Array::new();
            for (place, item) in items.iter().enumerate() {
                if tester.passes(item, place)? {
                    kept.push(item.clone());
                }
            }
            Ok(kept.into())
        }
    }
}

fn test(call: &Call) -> Result<Conditions, Raised> {
    let field = |value: &Dynamic| {
        value.as_immutable_string_ref().map(|text| text.to_string()).map_err(|_| {
            mistake(
                format!(
                    "{} needs a function, a map or a field's name, and got {}",
                    call.verb(),
                    described(value)
                ),
                format!("such as {}(|item| item.mrr > 100) or {0}(\"mrr\", \">\", 100)", call.verb()),
            )
        })
    };
    match call.values {
        [only] => match only.read_lock::<Map>() {
            Some(map) => Ok(Conditions::all_equal(&map)),
            None => Ok(Conditions::equal(&field(only)?, true.into())),
        },
        [name, wanted] => Ok(Conditions::equal(&field(name)?, wanted.flatten_clone())),
        [name, relation, wanted] => {
            Conditions::related(&field(name)?, &field(relation)?, wanted.flatten_clone())
        }
        _ => Err(mistake(
            format!("{} needs to know what to keep", call.verb()),
            format!("such as {}(|item| item.mrr > 100)", call.verb()),
        )),
    }
}

fn stored(
    call: &Call,
    list: &List,
    function: &FnPtr,
    step: fn(Rc<Stored>) -> Step,
) -> Result<Dynamic, Raised> {
    let stored = Stored::new(call.context, function, call.engine)?;
    Ok(Dynamic::from(list.with(step(Rc::new(stored)))))
}

/// `map` and `pluck`: what a function gives, or a field.
pub fn map(call: &Call) -> Result<Dynamic, Raised> {
    let by = call.by(0)?;
    match (call.rows, call.given_function(), by) {
        (Rows::List(list), Some(function), _) => stored(call, list, &function, Step::Map),
        (Rows::List(list), None, By::Field(path)) => Ok(Dynamic::from(list.with(Step::Pluck(Rc::new(path))))),
        (rows, _, by) => {
            let mut mapped = Array::new();
            rows.each(|item, place| {
                mapped.push(by.value(item, place)?);
                Ok(())
            })?;
            Ok(mapped.into())
        }
    }
}

/// `take(n)` and `first(n)`.
pub fn take(call: &Call) -> Result<Dynamic, Raised> {
    let count = call.count()?;
    match call.rows {
        Rows::List(list) => Ok(Dynamic::from(list.with(Step::Take(count)))),
        Rows::Array(items) => Ok(items[..count.min(items.len())].to_vec().into()),
    }
}

/// `skip(n)`.
pub fn skip(call: &Call) -> Result<Dynamic, Raised> {
    let count = call.count()?;
    match call.rows {
        Rows::List(list) => Ok(Dynamic::from(list.with(Step::Skip(count)))),
        Rows::Array(items) => Ok(items[count.min(items.len())..].to_vec().into()),
    }
}

/// `first()`: an item, or `()` if there is none.
pub fn first(call: &Call) -> Result<Dynamic, Raised> {
    Ok(call.rows.find(|_, _| Ok(true))?.unwrap_or_default())
}

/// `last()`: an item, or `()` if there is none.
pub fn last(call: &Call) -> Result<Dynamic, Raised> {
    if let Rows::Array(items) = call.rows {
        return Ok(items.last().cloned().unwrap_or_default());
    }
    let mut last = Dynamic::UNIT;
    call.rows.each(|item, _| {
        last = item.clone();
        Ok(())
    })?;
    Ok(last)
}

/// `last(n)`.
pub fn last_few(call: &Call) -> Result<Dynamic, Raised> {
    let count = call.count()?;
    let mut items = call.rows.to_array()?;
    Ok(items.split_off(items.len().saturating_sub(count)).into())
}

/// `find(test)`: the first item that passes, or `()`.
pub fn find(call: &Call) -> Result<Dynamic, Raised> {
    let tester = tester(call)?;
    Ok(call.rows.find(|item, place| tester.passes(item, place))?.unwrap_or_default())
}

/// `any(test)` and `some(test)`.
pub fn any(call: &Call) -> Result<Dynamic, Raised> {
    Ok(exists(call, true)?.into())
}

/// `all(test)`.
pub fn all(call: &Call) -> Result<Dynamic, Raised> {
    Ok((!exists(call, false)?).into())
}

/// `none(test)`.
pub fn none(call: &Call) -> Result<Dynamic, Raised> {
    Ok((!exists(call, true)?).into())
}

/// `count(test)`.
pub fn count(call: &Call) -> Result<Dynamic, Raised> {
    let mut count = 0_i64;
    let tester = tester(call)?;
    call.rows.each(|item, place| {
        count += i64::from(tester.passes(item, place)?);
        Ok(())
    })?;
    Ok(count.into())
}

/// Whether the test says `answer` about some item.
fn exists(call: &Call, answer: bool) -> Result<bool, Raised> {
    let tester = tester(call)?;
    let mut found = false;
    call.rows.visit(|item, place| {
        found = tester.passes(item, place)? == answer;
        Ok(if found { Break(()) } else { Continue(()) })
    })?;
    Ok(found)
}

enum Tester<'a> {
    Function(Callback<'a>),
    Test(Conditions),
}

impl Tester<'_> {
    fn passes(&self, item: &Dynamic, place: usize) -> Result<bool, Raised> {
        match self {
            Tester::Function(function) => function.says(item, place),
            Tester::Test(test) => test.passes(item),
        }
    }
}

fn tester<'a>(call: &Call<'a>) -> Result<Tester<'a>, Raised> {
    match call.function(0, 1)? {
        Some(function) => Ok(Tester::Function(function)),
        None => Ok(Tester::Test(test(call)?)),
    }
}
