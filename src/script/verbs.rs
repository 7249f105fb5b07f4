//! The verbs of lists and arrays in Rhai: one table, registered for both. On arrays they replace Rhai's own.

use super::list::List;
use super::raise::{Raised, mistake};
use super::rows::{Call, Rows};
use super::words::described;
use super::{equal, gather, group, join_rows, parts, pivot, select, sort, total};
use rhai::{Array, Dynamic, Engine, FnPtr, ImmutableString, NativeCallContext};
use std::any::TypeId;
use std::rc::Weak;

type Verb = fn(&Call) -> Result<Dynamic, Raised>;

/// Name, the least and the most values it takes, and what it does.
const VERBS: &[(&str, usize, usize, Verb)] = &[
    ("where", 1, 3, select::filter),
    ("filter", 1, 3, select::filter),
    ("map", 1, 1, select::map),
    ("pluck", 1, 1, select::map),
    ("take", 1, 1, select::take),
    ("skip", 1, 1, select::skip),
    ("first", 0, 0, select::first),
    ("first", 1, 1, select::take),
    ("last", 0, 0, select::last),
    ("last", 1, 1, select::last_few),
    ("find", 1, 3, select::find),
    ("any", 1, 3, select::any),
    ("some", 1, 3, select::any),
    ("all", 1, 3, select::all),
    ("none", 1, 3, select::none),
    ("count", 0, 0, gather::len),
    ("count", 1, 3, select::count),
    ("to_array", 0, 0, gather::to_array),
    ("for_each", 1, 1, gather::for_each),
    ("reduce", 1, 2, gather::reduce),
    ("contains", 1, 1, gather::contains),
    ("index_of", 1, 1, gather::index_of),
    ("group_by", 1, 1, group::group_by),
    ("count_by", 1, 1, group::count_by),
    ("sum_by", 2, 2, group::sum_by),
    ("index_by", 1, 1, group::index_by),
    ("unique", 0, 1, group::unique),
    ("unique_by", 1, 1, group::unique),
    ("sum", 0, 1, total::sum),
    ("avg", 0, 1, total::avg),
    ("median", 0, 1, total::median),
    ("min", 0, 1, total::min),
    ("max", 0, 1, total::max),
    ("min_by", 1, 1, total::min_by),
    ("max_by", 1, 1, total::max_by),
    ("sort_by", 1, 2, sort::sort),
    ("sorted", 0, 2, sort::sort),
    ("top", 1, 2, sort::top),
    ("bottom", 1, 2, sort::bottom),
    ("lookup", 3, 3, join_rows::lookup),
    ("join_on", 2, 3, join_rows::join_on),
    ("pivot", 2, 3, pivot::pivot),
    ("chunk", 1, 1, parts::chunk),
    ("flatten", 0, 0, parts::flatten),
    ("reversed", 0, 0, gather::reversed),
    ("join", 0, 1, gather::join),
];

/// Verbs that Rhai's arrays do in place, and that lists cannot.
const ONLY_LISTS: &[(&str, usize, usize, Verb)] = &[
    ("len", 0, 0, gather::len),
    ("is_empty", 0, 0, gather::is_empty),
    ("sort", 0, 2, sort::sort),
    ("sort_desc", 0, 1, sort::sort_desc),
];

/// Sorting in place, which also gives the sorted array.
const IN_PLACE: &[(&str, usize, usize, Verb)] =
    &[("sort", 0, 2, sort::sort), ("sort_desc", 0, 1, sort::sort_desc)];

/// Whether it is a verb of lists.
pub fn is_verb(name: &str) -> bool {
    let mut all = VERBS.iter().chain(ONLY_LISTS).chain(IN_PLACE);
    all.any(|(verb, ..)| *verb == name)
}

/// Registers the verbs. `handle` is the engine itself, which lazy lists need when they call functions later.
pub fn register(engine: &mut Engine, handle: &Weak<Engine>) {
    engine.register_type_with_name::<List>("list");
    engine.register_iterator_result::<List, Dynamic>();
    for &(name, least, most, verb) in VERBS {
        for count in least..=most {
            on_array(engine, handle, name, count, verb, false);
            on_list(engine, handle, name, count, verb);
        }
    }
    for &(name, least, most, verb) in ONLY_LISTS {
        (least..=most).for_each(|count| on_list(engine, handle, name, count, verb));
    }
    for &(name, least, most, verb) in IN_PLACE {
        (least..=most).for_each(|count| on_array(engine, handle, name, count, verb, true));
    }
    engine.register_fn("==", |one: Array, two: Array| equal::arrays(&one, &two));
    engine.register_fn("!=", |one: Array, two: Array| !equal::arrays(&one, &two));
    engine.register_fn("to_string", |list: List| format!("{}(…)", list.name()));
    engine.register_fn("to_debug", |list: List| format!("{}(…)", list.name()));
    engine.register_get("len", |list: &mut List| gather::count(Rows::List(list)));
    engine.register_get("is_empty", |list: &mut List| -> Result<bool, Raised> {
        Ok(Rows::List(list).find(|_, _| Ok(true))?.is_none())
    });
    engine.register_indexer_get(|list: &mut List, place: i64| -> Result<Dynamic, Raised> {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        match Rows::List(list).find(|_, at| Ok(at == place))? {
            Some(item) => Ok(item),
            None => Err(mistake(
                format!("{}() has no item at place {place}", list.name()),
                "places count from 0; .first() gives () when there is none",
            )),
        }
    });
    engine.register_indexer_get(|list: &mut List, field: &str| -> Result<Dynamic, Raised> {
        Err(mistake(
            format!("{}() is a list, and a list has no field \"{field}\"", list.name()),
            format!("take one item, .first().{field}, or all of them, .map(|item| item.{field})"),
        ))
    });
}

/// Rhai looks for exact types first, so a function or a text as first value needs an entry of its own to come before
/// Rhai's, which takes a text for a function's name.
fn on_array(engine: &mut Engine, handle: &Weak<Engine>, name: &str, count: usize, verb: Verb, keep: bool) {
    let firsts = [TypeId::of::<FnPtr>(), TypeId::of::<ImmutableString>(), TypeId::of::<Dynamic>()];
    for first in &firsts[if count == 0 { 2 } else { 0 }..] {
        let mut types = vec![TypeId::of::<Dynamic>(); count + 1];
        types[0] = TypeId::of::<Array>();
        if count > 0 {
            types[1] = *first;
        }
        let handle = Weak::clone(handle);
        engine.register_raw_fn(name, types, move |context, values| {
            let Some((array, values)) = split(values) else { return Ok(Dynamic::UNIT) };
            let result = {
                let items = array.read_lock::<Array>().ok_or_else(|| no_items(array))?;
                call(&context, &handle, Rows::Array(&items), &values, verb)?
            };
            let in_place = keep && !array.is_read_only();
            if let Some(mut array) = array.write_lock::<Dynamic>().filter(|_| in_place) {
                *array = result.clone();
            }
            Ok(result)
        });
    }
}

fn on_list(engine: &mut Engine, handle: &Weak<Engine>, name: &str, count: usize, verb: Verb) {
    let mut types = vec![TypeId::of::<Dynamic>(); count + 1];
    types[0] = TypeId::of::<List>();
    let handle = Weak::clone(handle);
    engine.register_raw_fn(name, types, move |context, values| {
        let Some((list, values)) = split(values) else { return Ok(Dynamic::UNIT) };
        let list = list.read_lock::<List>().map(|list| list.clone()).ok_or_else(|| no_items(list))?;
        call(&context, &handle, Rows::List(&list), &values, verb)
    });
}

fn split<'v>(values: &'v mut [&mut Dynamic]) -> Option<(&'v mut Dynamic, Vec<Dynamic>)> {
    let (first, rest) = values.split_first_mut()?;
    Some((first, rest.iter_mut().map(|value| std::mem::take(*value).flatten()).collect()))
}

fn call(
    context: &NativeCallContext,
    engine: &Weak<Engine>,
    rows: Rows,
    values: &[Dynamic],
    verb: Verb,
) -> Result<Dynamic, Raised> {
    verb(&Call { context, engine, rows, values })
}

fn no_items(value: &Dynamic) -> Raised {
    mistake(format!("this works on lists, and got {}", described(value)), "give a list or an array")
}
