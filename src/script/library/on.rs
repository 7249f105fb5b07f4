//! `on("task_completed", |task| …)`: registers a function for what happens in Vitally.

use super::super::handler::Handler;
use super::super::hooks::{Hook, HookSpec, Hooks};
use super::super::host::Host;
use super::super::raise::{Raised, mistake};
use super::super::source::Sources;
use super::super::words::{described, did_you_mean};
use super::moment::Moment;
use super::{Entry, date, entry, span};
use crate::catalogue::{self, Kind, Object, Trigger};
use jiff::Timestamp;
use jiff::civil::Time;
use rhai::{Array, Dynamic, Engine, FnPtr, Map, NativeCallContext};
use std::rc::{Rc, Weak};
use std::time::Duration;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[entry(
    "on",
    "on(trigger, [#{ name, every, where, changed, backfill, own_changes }], |record, event| …)",
    "Calls the function for everything of this kind that happens from now on; `run` stays for it. event is optional \
     and has key, trigger, at, before, changed and attempt",
    "on(\"task_completed\", |task| print(task.name));",
)];

/// What the map of `on` may say.
pub const OPTIONS: &[&str] = &["name", "every", "where", "changed", "backfill", "own_changes"];

/// How often a hook may have Vitally asked at most.
const OFTENEST: Duration = Duration::from_secs(1);
const HANDLER: &str = "|record| … or |record, event| …";

/// Registers the function.
pub fn register(
    engine: &mut Engine,
    handle: &Weak<Engine>,
    host: &Rc<Host>,
    hooks: &Rc<Hooks>,
    sources: &Sources,
) {
    let on = Registration {
        engine: Weak::clone(handle),
        host: Rc::clone(host),
        hooks: Rc::clone(hooks),
        sources: sources.clone(),
    };
    let on = Rc::new(on);
    let plain = Rc::clone(&on);
    engine.register_fn("on", move |context: NativeCallContext, trigger: &str, function: FnPtr| {
        plain.register(&context, trigger, &Map::new(), &function)
    });
    engine.register_fn(
        "on",
        move |context: NativeCallContext, trigger: &str, options: Map, function: FnPtr| {
            on.register(&context, trigger, &options, &function)
        },
    );
    engine.register_fn("on", |_: Dynamic, other: Dynamic| refused(&other));
    engine.register_fn("on", |_: Dynamic, _: Dynamic, other: Dynamic| refused(&other));
}

fn refused(other: &Dynamic) -> Result<(), Raised> {
    Err(mistake(
        format!("on needs the name of a trigger and a function, and got {}", described(other)),
        "such as on(\"task_completed\", |task| …)",
    ))
}

struct Registration {
    engine: Weak<Engine>,
    host: Rc<Host>,
    hooks: Rc<Hooks>,
    sources: Sources,
}

impl Registration {
    fn register(
        &self,
        context: &NativeCallContext,
        trigger: &str,
        options: &Map,
        function: &FnPtr,
    ) -> Result<(), Raised> {
        if let Some((why, help)) = self.hooks.closed.get() {
            return Err(mistake(format!("on: {why}"), help));
        }
        let (object, trigger) = found(trigger)?;
        if let Some(other) = options.keys().find(|key| !OPTIONS.contains(&key.as_str())) {
            return Err(mistake(
                format!("on knows no option \"{other}\"{}", did_you_mean(other, OPTIONS.iter().copied())),
                format!("it knows: {}", OPTIONS.join(", ")),
            ));
        }
        let handler = Handler::new(context, function, &self.engine, 1..=2, HANDLER)?;
        let condition = match options.get("where") {
            None => None,
            Some(value) => {
                let function = value
                    .read_lock::<FnPtr>()
                    .ok_or_else(|| wanted("a function", "where", value, "where: |task| task.name != \"\""))?;
                Some(Handler::new(context, &function, &self.engine, 1..=1, "where: |record| …")?)
            }
        };
        let source = context.fn_source().or_else(|| context.call_source()).unwrap_or_default();
        let spec = HookSpec {
            object,
            trigger,
            name: self.name(trigger, options)?,
            every: every(options)?,
            changed: changed(object, options)?,
            backfill: self.backfill(options)?,
            own_changes: own_changes(options)?,
            place: self.sources.place(source, context.call_position()),
        };
        self.hooks.list.borrow_mut().push(Hook { spec, handler, condition });
        Ok(())
    }

    /// The name that was given, or the trigger's own, numbered from the second of its kind on.
    fn name(&self, trigger: &Trigger, options: &Map) -> Result<String, Raised> {
        let list = self.hooks.list.borrow();
        let taken = |name: &str| list.iter().any(|hook| hook.spec.name == name);
        let Some(value) = options.get("name") else {
            let numbered = (2..).map(|number| format!("{} {number}", trigger.name));
            let mut names = std::iter::once(trigger.name.to_string()).chain(numbered);
            return Ok(names.find(|name| !taken(name)).unwrap_or_default());
        };
        let text = value.as_immutable_string_ref().map(|text| text.trim().to_string()).unwrap_or_default();
        if text.is_empty() {
            return Err(wanted("text", "name", value, "name: \"follow up\""));
        }
        if taken(&text) {
            return Err(mistake(
                format!("two hooks of this script are called \"{text}\""),
                "give each its own name: what was handled is remembered under it",
            ));
        }
        Ok(text)
    }

    /// A day or a time, or how long ago.
    fn backfill(&self, options: &Map) -> Result<Option<Timestamp>, Raised> {
        let Some(value) = options.get("backfill") else { return Ok(None) };
        if let Some(moment) = value.read_lock::<Moment>() {
            return Ok(Some(moment.timestamp()));
        }
        if let Ok(text) = value.as_immutable_string_ref() {
            if let Ok(moment) = text.trim().parse::<Timestamp>() {
                return Ok(Some(moment));
            }
            if let Ok(length) = span::moved_back(self.host.clock.now(), &text, self.host.timezone.get()) {
                return Ok(Some(length));
            }
        }
        let day = date::of(value, self.host.timezone.get(), "backfill")?;
        let zone = self.host.timezone.get();
        let start = day.and_then(|day| zone.to_timestamp(day.0.to_datetime(Time::midnight())).ok());
        start
            .map(Some)
            .ok_or_else(|| wanted("a day or a length of time", "backfill", value, "backfill: \"7d\""))
    }
}

fn found(name: &str) -> Result<(&'static Object, &'static Trigger), Raised> {
    catalogue::triggers().find(|(_, trigger)| trigger.name == name).ok_or_else(|| {
        let known = catalogue::triggers().map(|(_, trigger)| trigger.name);
        mistake(
            format!("there is no trigger called \"{name}\"{}", did_you_mean(name, known)),
            "run `vitally-script triggers` to see all of them",
        )
    })
}

fn every(options: &Map) -> Result<Option<Duration>, Raised> {
    let Some(value) = options.get("every") else { return Ok(None) };
    let length = value.as_immutable_string_ref().ok().and_then(|text| span::seconds(&text));
    match length {
        Some(length) if length >= OFTENEST => Ok(Some(length)),
        _ => Err(wanted("a time of at least a second", "every", value, "every: \"1m\"")),
    }
}

fn changed(object: &'static Object, options: &Map) -> Result<Vec<String>, Raised> {
    let Some(value) = options.get("changed") else { return Ok(Vec::new()) };
    let texts = match value.read_lock::<Array>() {
        Some(array) => array.iter().map(|item| item.clone().into_string()).collect::<Result<Vec<_>, _>>(),
        None => value.clone().into_string().map(|text| vec![text]),
    };
    let texts = texts.map_err(|_| wanted("field names", "changed", value, "changed: [\"healthScore\"]"))?;
    for text in &texts {
        if let Some((message, help)) = field_problem(object, text) {
            return Err(mistake(message, help));
        }
    }
    Ok(texts)
}

/// What is wrong with the name of a field whose changes are waited for.
pub fn field_problem(object: &'static Object, name: &str) -> Option<(String, String)> {
    if name.starts_with("traits.") {
        return None;
    }
    let seen = |kind: Kind| !matches!(kind, Kind::One(_) | Kind::Many(_) | Kind::Traits);
    let fields = || object.fields.iter().filter(|field| seen(field.kind)).map(|field| field.name);
    if fields().any(|field| field == name) {
        return None;
    }
    Some((
        format!("changed: {} has no field \"{name}\"{}", object.name, did_you_mean(name, fields())),
        format!(
            "`vitally-script fields {}` lists its fields; a trait is written \"traits.KEY\"",
            object.name
        ),
    ))
}

fn own_changes(options: &Map) -> Result<bool, Raised> {
    let Some(value) = options.get("own_changes") else { return Ok(false) };
    value.as_bool().map_err(|_| wanted("true or false", "own_changes", value, "own_changes: true"))
}

fn wanted(what: &str, option: &str, got: &Dynamic, example: &str) -> Raised {
    mistake(
        format!("on needs {what} for \"{option}\", and got {}", described(got)),
        format!("such as {example}"),
    )
}
