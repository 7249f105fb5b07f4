//! Calls of functions that do not exist, or with the wrong number of values.

use super::Call;
use crate::catalogue::{self, Action, List, Thing};
use crate::script::arities::Arities;
use crate::script::diagnose::Trouble;
use crate::script::{hint, names, testing};
use rhai::{AST, ASTNode, Engine, Expr, Position};
use std::collections::{BTreeMap, BTreeSet};

/// The functions that a program writes itself.
pub struct Functions {
    /// Their names, each with the numbers of values it takes.
    by_name: BTreeMap<String, BTreeSet<usize>>,
    /// Keys of maps, which may hold functions that are called like methods.
    keys: BTreeSet<String>,
    /// Whether it is a file of tests, which have functions of their own.
    tests: bool,
}

impl Functions {
    /// The functions of a program, and those that were written before it.
    pub fn of(name: &str, written: &AST, earlier: Option<&AST>) -> Functions {
        let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for function in earlier.iter().flat_map(|ast| ast.iter_functions()).chain(written.iter_functions()) {
            by_name.entry(function.name.to_string()).or_default().insert(function.params.len());
        }
        let mut keys = BTreeSet::new();
        written.walk(&mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() {
                keys.extend(map.0.iter().map(|(key, _)| key.name.to_string()));
            }
            true
        });
        Functions { by_name, keys, tests: name.ends_with(testing::ENDING) }
    }

    /// Whether a call is of a function that the program writes itself.
    pub fn has(&self, call: &Call) -> bool {
        self.by_name.contains_key(call.written.name.as_str())
    }

    /// Whether a call may be of a function that a map holds.
    pub fn may_be_held(&self, call: &Call) -> bool {
        call.method && self.keys.contains(call.written.name.as_str())
    }

    /// Whether it is a file of tests.
    pub fn tests(&self) -> bool {
        self.tests
    }
}

/// The functions that are given a function to keep, with the least and the most values that they take.
const REGISTERING: &[(&str, usize, usize)] = &[("on", 2, 3), ("schedule", 2, 3), ("every", 2, 3)];

/// What is wrong with a call as such, and where.
pub fn trouble(call: &Call, script: &Functions, engine: &Engine) -> Option<(Trouble, Position)> {
    let name = call.written.name.as_str();
    if !call.is_plain() || name.contains('$') {
        return None;
    }
    let got = call.values();
    if let Some(counts) = script.by_name.get(name) {
        let fits = counts.contains(&got) || (call.method && counts.contains(&call.written.args.len()));
        return (!fits).then(|| (counted(name, counts, call.written.args.len()), call.position));
    }
    if let Some((object, action)) = catalogue::actions().find(|(_, action)| action.name == name) {
        let (least, most) = values_of_action(action);
        return wrong_count(got, least, most)
            .then(|| (usage(name, least, most, got, &action.signature(object.name)), call.position));
    }
    if let Some((_, list)) = catalogue::lists().find(|(_, list)| list.name == name) {
        let (least, most) = values_of_list(list);
        return wrong_count(got, least, most)
            .then(|| (usage(name, least, most, got, &list.signature()), call.position));
    }
    if let Some((_, least, most)) = REGISTERING.iter().find(|(known, ..)| *known == name && !call.method)
        && !(*least..=*most).contains(&got)
    {
        let signature = names::signature(name).unwrap_or_default();
        return Some((usage(name, *least, *most, got, &signature), call.position));
    }
    if testing::is_known(name) {
        return (!script.tests).then(|| (only_in_tests(name), call.position));
    }
    if script.may_be_held(call) {
        return None;
    }
    if names::surely_takes(name, got) {
        return None;
    }
    if names::known(engine, name) {
        return miscounted(call, *names::standard_counts().get(name)?);
    }
    let all = names::all(engine);
    let known = all.iter().chain(script.by_name.keys()).map(String::as_str);
    Some((hint::unknown(name, known).coded("V020"), call.position))
}

fn only_in_tests(name: &str) -> Trouble {
    Trouble::new(
        format!("{name} is a function of tests, and this is no file of tests"),
        "tests stand in files of their own, such as tests/renewals_test.rhai; run them with: vitally-script test",
    )
    .coded("V020")
}

/// A call of a function of the library with a number of values that it never takes.
fn miscounted(call: &Call, counts: Arities) -> Option<(Trouble, Position)> {
    let (name, got) = (call.written.name.as_str(), call.values());
    if counts.has(got) {
        return None;
    }
    // What stands before the dot is a value, too, and nobody counts it among those in the brackets.
    let before = usize::from(call.method);
    let counts: Vec<usize> = counts.iter().map(|count| count.saturating_sub(before)).collect();
    let wanted = match counts.split_last() {
        Some((last, [])) => plural(*last),
        Some((last, others)) => {
            let others: Vec<String> = others.iter().map(ToString::to_string).collect();
            format!("{} or {}", others.join(", "), plural(*last))
        }
        None => return None,
    };
    let signature = names::signature(name).unwrap_or_else(|| format!("{name}(…)"));
    let trouble = Trouble::new(
        format!("{name} takes {wanted}, and got {}", call.written.args.len()),
        format!("write {signature}; see `vitally-script docs {name}`"),
    );
    Some((trouble.coded("V022"), call.position))
}

/// One more than the most is allowed: the profile may come first.
fn wrong_count(got: usize, least: usize, most: usize) -> bool {
    got < least || got > most + 1
}

fn values_of_action(action: &Action) -> (usize, usize) {
    let fixed = usize::from(action.parent.is_some()) + usize::from(action.thing != Thing::None);
    let map = usize::from(action.takes_map());
    (fixed + if action.map_is_optional() { 0 } else { map }, fixed + map)
}

fn values_of_list(list: &List) -> (usize, usize) {
    let least = usize::from(list.parent.is_some());
    (least, least + usize::from(!list.keys().is_empty()))
}

fn usage(name: &str, least: usize, most: usize, got: usize, signature: &str) -> Trouble {
    let wanted = if least == most { plural(most) } else { format!("{least} to {}", plural(most)) };
    Trouble::new(format!("{name} takes {wanted}, and got {got}"), format!("write {signature}")).coded("V022")
}

fn counted(name: &str, counts: &BTreeSet<usize>, got: usize) -> Trouble {
    let wanted: Vec<String> = counts.iter().map(|count| plural(*count)).collect();
    Trouble::new(
        format!("your function {name} takes {}, and got {got}", wanted.join(" or ")),
        "look at the line where it is written: fn name(…)",
    )
    .coded("V022")
}

/// `no values`, `1 value`, `2 values`.
pub fn plural(count: usize) -> String {
    match count {
        0 => "no values".into(),
        1 => "1 value".into(),
        _ => format!("{count} values"),
    }
}
