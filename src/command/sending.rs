//! What `apply`, `undo` and `resume` share: the question before, the progress meanwhile, the last words.

use super::progress::grouped;
use super::session::Session;
use super::{Context, changes, ending, form};
use crate::catalogue::{self, Effect};
use crate::cli::{Format, Sending};
use crate::error::{Error, Message};
use crate::exit;
use crate::gate::apply::{Question, Reply};
use crate::gate::send::{Check, Done, SendOptions, Totals};
use crate::gate::{Status, apply};
use crate::script::host::Rows;
use crate::settings::Environment;
use crate::stop::Stop;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many changes that did not go well are named at the end.
const NAMED: usize = 10;

/// Whether deletes may be sent; everything else may. The error says what was refused, and which flag answers.
pub fn allow(
    context: &Context,
    session: &Session,
    options: &Sending,
    counts: &BTreeMap<String, u64>,
) -> Result<bool, Error> {
    let (console, profile) = (&context.console, &session.settings.profile);
    let deletes = deletes(counts);
    let all: u64 = counts.values().sum();
    if profile.read_only.value {
        return Err(refused(
            format!("nothing was sent: the profile \"{}\" is read-only", profile.name),
            "take read_only out of its settings if changes are meant",
        ));
    }
    apply::check_limits(all, deletes, &session.bounds.limits(profile)).map_err(Error::Refused)?;
    if profile.environment.value != Environment::Production {
        return Ok(true);
    }
    let what = ending::summary(counts, "to be ").unwrap_or_default();
    let label = profile.label();
    if all > deletes && !options.yes && options.confirm.is_none() {
        if !console.can_ask() {
            return Err(refused(
                format!("nothing was sent: {what} in {label}, and nobody is there to say yes"),
                "look through them with -n; if they are right, add -y",
            ));
        }
        console.notice_lines(&[format!("{what} in {label}")]);
        let yes = answer(context, "Go on? Type yes: ")?;
        if !yes.is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes")) {
            return Err(refused(
                "nothing was sent: you said no",
                "-n shows every change without sending any",
            ));
        }
    }
    if deletes == 0 {
        return Ok(true);
    }
    let text = format!("delete {deletes} {}", profile.name);
    match &options.confirm {
        Some(given) if given.trim() == text => return Ok(true),
        Some(given) => {
            return Err(refused(
                format!("nothing was sent: --confirm says \"{}\", and this would {text}", given.trim()),
                format!("look through it with -n; if it is right: --confirm \"{text}\""),
            ));
        }
        None => {}
    }
    if !console.can_ask() {
        return Err(refused(
            format!("nothing was sent: {} to be deleted in {label}", grouped(deletes)),
            format!("look through them with -n; if they are right: --confirm \"{text}\""),
        ));
    }
    console.notice_lines(&[format!("{what} in {label}"), "What is deleted does not come back.".into()]);
    let answer = answer(context, &format!("Type \"{text}\" to delete: "))?;
    let yes = answer.is_some_and(|answer| answer.trim().trim_matches('"') == text);
    if !yes && all == deletes {
        return Err(refused("nothing was sent: the answer was another", "-n shows every change"));
    }
    Ok(yes)
}

/// What a person answers; Ctrl-C ends the command.
fn answer(context: &Context, question: &str) -> Result<Option<String>, Error> {
    let answer = context.console.ask(question);
    match context.stop.reason() {
        Some(reason) => Err(Error::Stopped(reason)),
        None => Ok(answer),
    }
}

/// Answers what comes up on the way: the deletes as it was allowed, the rest after the first few by asking.
pub fn answers<'a>(
    context: &'a Context,
    options: &'a Sending,
    deletes: bool,
) -> impl FnMut(Question) -> Reply + 'a {
    move |question| match question {
        Question::Deletes(_) => reply(deletes),
        Question::GoOn { done, left } => {
            let well = done.failed + done.drifted + done.unknown == 0;
            if options.yes || !context.console.can_ask() {
                return reply(well);
            }
            context.console.end_progress();
            let lines = [format!("{} done, {} left", words(&done), grouped(left))];
            context.console.notice_lines(&lines);
            let answer = context.console.ask("Go on with the rest? Type yes: ");
            reply(answer.is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes")))
        }
    }
}

fn reply(yes: bool) -> Reply {
    if yes { Reply::Yes } else { Reply::No }
}

/// The changes that did not go well, the first few with their reasons.
#[derive(Clone, Default)]
pub struct Troubles(Arc<Mutex<Vec<String>>>);

/// How to send: counts, shows progress, and remembers what did not go well.
pub fn options(context: &Context, session: &Session, check: Check, all: u64) -> (SendOptions, Troubles) {
    let (tally, console) = (session.tally.clone(), Arc::clone(&context.console));
    let troubles = Troubles::default();
    let (noted, ended, failed) = (troubles.clone(), AtomicU64::new(0), AtomicU64::new(0));
    let done: Done = Arc::new(move |change, outcome, _| {
        tally.ended(change, outcome.status);
        if let Some(reason) = outcome.reason.as_ref().filter(|_| outcome.status != Status::Pending) {
            failed.fetch_add(1, Ordering::Relaxed);
            let mut noted = noted.0.lock().unwrap_or_else(PoisonError::into_inner);
            if noted.len() < NAMED {
                let name = changes::name_of(change).unwrap_or_default();
                let word = match outcome.status {
                    Status::Applied => "in part",
                    status => status.word(),
                };
                noted.push(format!("  {word} {name}: {reason}"));
            }
        }
        let done = ended.fetch_add(1, Ordering::Relaxed) + 1;
        let failed = failed.load(Ordering::Relaxed);
        console.rows(&Rows { label: "changes", done, total: Some(all), failed });
    });
    (SendOptions::new(check, context.stop.clone(), Stop::new(), done), troubles)
}

/// The last words, or the JSON document; answers the exit code.
pub fn tell(
    context: &Context,
    session: &Session,
    run: &str,
    totals: &Totals,
    remaining: u64,
    troubles: &Troubles,
) -> Result<u8, Error> {
    let console = &context.console;
    console.end_progress();
    let word = if context.stop.is_set() {
        "stopped"
    } else if totals.journal.is_some() {
        "failed"
    } else {
        "done"
    };
    session.shelf.finish(word, session.now())?;
    let document = json!({
        "run": run,
        "applied": totals.applied,
        "unchanged": totals.unchanged,
        "drifted": totals.drifted,
        "failed": totals.failed + totals.unknown,
        "remaining": remaining,
        "refused": totals.refused,
    });
    let format = console.format_or(Format::Table);
    if format != Format::Table {
        form::write(console, &document, None, format);
    }
    let applied = session.tally.counts().applied;
    let summary = ending::summary(&applied, "");
    let mut parts = vec![summary.unwrap_or_else(|| "nothing was changed".into())];
    for (count, what) in [
        (totals.unchanged, "already right"),
        (totals.drifted, "changed by someone since and left alone"),
        (totals.failed, "failed"),
        (totals.unknown, "unclear"),
        (totals.refused, "left out"),
        (remaining, "still to be sent"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", grouped(count)));
        }
    }
    console.say(&format!("{word}: {}", parts.join("; ")));
    // They ended in any order; people look for names.
    let mut lines = troubles.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    lines.sort();
    for line in &lines {
        console.say(line);
    }
    let more = remaining + totals.unknown > 0 || totals.journal.is_some();
    console.say(&ending::back(console, run, more, &applied, totals.unknown > 0));
    if let Some(reason) = &totals.journal {
        return Err(refused(
            format!("stopped, because the journal cannot be written: {reason}"),
            "make room for it; resume goes on",
        ));
    }
    if let Some(reason) = context.stop.reason() {
        return Err(Error::Stopped(reason));
    }
    let well = troubles.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
    Ok(if well { exit::DONE } else { exit::ROWS_FAILED })
}

/// How many of these changes delete.
pub fn deletes(counts: &BTreeMap<String, u64>) -> u64 {
    let deletes = |name: &str| {
        catalogue::actions().any(|(_, action)| action.name == name && action.effect == Effect::Delete)
    };
    counts.iter().filter(|(name, _)| deletes(name)).map(|(_, count)| count).sum()
}

fn words(totals: &Totals) -> String {
    let troubles = totals.failed + totals.drifted + totals.unknown;
    match troubles {
        0 => grouped(totals.ended()),
        _ => format!("{}, of which {} did not go well,", grouped(totals.ended()), grouped(troubles)),
    }
}

/// A refusal with advice.
pub fn refused(text: impl Into<String>, help: impl Into<String>) -> Error {
    Error::Refused(Message::new(text, help))
}
