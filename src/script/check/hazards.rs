//! What a call does to many records, to people, or again and again, where it stands.

use super::shape::Shape;
use crate::catalogue::{self, Detect, Effect, Object, Trigger};
use crate::script::diagnose::Trouble;
use crate::script::verbs;
use rhai::{Expr, FnCallExpr, Position};

/// What a piece of code is part of.
#[derive(Clone, Copy, Default)]
pub struct Around {
    /// It is done for every item of something.
    pub in_loop: bool,
    /// It is done at every time of a schedule.
    pub scheduled: bool,
    /// It handles these events, and also those that it causes itself.
    answers_itself: Option<(&'static Object, &'static Trigger)>,
    /// It handles events.
    in_hook: bool,
}

impl Around {
    /// What holds in the body of a script.
    pub fn script(text: &str) -> Around {
        Around { scheduled: header(text).any(|line| line.contains("@schedule ")), ..Around::default() }
    }

    /// A word that is the same for the same surroundings.
    pub fn word(&self) -> String {
        let hook = self.answers_itself.map_or("", |(_, trigger)| trigger.name);
        format!("{} {} {} {hook}", self.in_loop, self.scheduled, self.in_hook)
    }

    /// What holds in the functions that are given to a call, and what they are called with.
    pub fn enter(&mut self, call: &FnCallExpr, method: bool, values: &[Shape]) -> Vec<Shape> {
        let name = call.name.as_str();
        if method && verbs::is_verb(name) || name == "each" {
            self.in_loop = true;
            let item = values.first().map_or(Shape::Unknown, |list| list.item());
            return if name == "reduce" { Vec::new() } else { vec![item] };
        }
        match name {
            "schedule" | "every" if !method => {
                *self = Around { scheduled: true, ..Around::default() };
                Vec::new()
            }
            "on" if !method => {
                *self = Around { in_hook: true, ..Around::default() };
                let Some((object, trigger)) = call.args.first().and_then(trigger) else { return Vec::new() };
                let options = call.args.get(1).filter(|_| call.args.len() == 3);
                let set = |key: &str| options.and_then(|options| option(options, key));
                let itself = matches!(set("own_changes"), Some(Expr::BoolConstant(true, _)));
                if itself && set("changed").is_none() {
                    self.answers_itself = Some((object, trigger));
                }
                vec![Shape::Record(object)]
            }
            _ => Vec::new(),
        }
    }
}

fn trigger(value: &Expr) -> Option<(&'static Object, &'static Trigger)> {
    let Expr::StringConstant(name, _) = value else { return None };
    catalogue::triggers().find(|(_, trigger)| trigger.name == name.as_str())
}

fn option<'e>(map: &'e Expr, key: &str) -> Option<&'e Expr> {
    let Expr::Map(parts, _) = map else { return None };
    parts.0.iter().find(|(name, _)| name.name == key).map(|(_, value)| value)
}

/// The lines that a script begins with, where it says what it is.
fn header(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| line.starts_with("//"))
}

/// The functions that send words to people.
const SENDING: &[&str] = &["create_message", "create_conversation", "slack"];

/// What somebody should think about before this call is left as it is.
pub fn of(call: &FnCallExpr, position: Position, around: &Around, text: &str) -> Option<(Trouble, Position)> {
    let name = call.name.as_str();
    let found = if around.in_loop && SENDING.contains(&name) {
        Some(many_messages(name))
    } else {
        let (object, effect) = written(name)?;
        match effect {
            Effect::Delete if around.in_loop && !header(text).any(|line| line.contains("--max-deletes")) => {
                Some(many_deletes(name))
            }
            Effect::Create | Effect::Update
                if around.answers_itself.is_some_and(|hook| answers(hook, object, effect)) =>
            {
                around.answers_itself.map(|(_, trigger)| endless(name, trigger))
            }
            Effect::Create if around.scheduled && !around.in_hook && lacks_external_id(call, object) => {
                Some(twice(name))
            }
            _ => None,
        }
    };
    found.map(|trouble| (trouble, position))
}

/// What a function writes: an action, or `upsert_…`, which updates what is there.
fn written(name: &str) -> Option<(&'static Object, Effect)> {
    if let Some((object, action)) = catalogue::actions().find(|(_, action)| action.name == name) {
        return Some((object, action.effect));
    }
    let object = catalogue::object(name.strip_prefix("upsert_")?)?;
    Some((object, Effect::Update))
}

/// Whether a write of this kind causes the event that is being handled.
fn answers((listens, trigger): (&Object, &Trigger), object: &Object, effect: Effect) -> bool {
    let same = listens.name == object.name;
    same && match trigger.detect {
        Detect::Created => effect == Effect::Create,
        Detect::Updated => effect == Effect::Update,
        Detect::Filled(_) | Detect::Emptied(_) | Detect::Changed(_) => false,
    }
}

fn lacks_external_id(call: &FnCallExpr, object: &Object) -> bool {
    let takes = object.field("externalId").is_some_and(|field| field.access.create);
    let map = call.args.last().filter(|value| matches!(value, Expr::Map(..)));
    takes
        && !SENDING.contains(&call.name.as_str())
        && map.is_some_and(|map| option(map, "externalId").is_none())
}

fn many_deletes(name: &str) -> Trouble {
    Trouble::new(
        format!("{name} stands in a loop: it deletes one record for every item, and deleting is for good"),
        "look at it with -n first, and allow so many with --max-deletes N; say in the script's first lines how many it needs",
    )
    .coded("V050")
}

fn twice(name: &str) -> Trouble {
    Trouble::new(
        format!("{name} makes another record every time the schedule comes round"),
        "give it an externalId that says what it is for, such as `renewal-${account.externalId}`, or use ensure_…",
    )
    .coded("V051")
}

fn many_messages(name: &str) -> Trouble {
    Trouble::new(
        format!("{name} stands in a loop: people get one message for every item"),
        "collect the lines and send them together; or look at it with -n first, and try it with --limit 1",
    )
    .coded("V052")
}

fn endless(name: &str, trigger: &Trigger) -> Trouble {
    Trouble::new(
        format!(
            "{name} causes {} again, and this hook answers its own changes: it would never end",
            trigger.name
        ),
        "take own_changes out, or name the fields it waits for: changed: [\"…\"]",
    )
    .coded("V053")
}
