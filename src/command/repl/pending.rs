//! What is collected and not sent: shown, sent, dropped.

use super::super::apply::send_all;
use super::super::bounds::Bounds;
use super::super::changes::{self, Line};
use super::super::opener::About;
use super::super::progress::grouped;
use super::super::sending::{allow, answers, options, refused, tell};
use super::super::session::Session;
use super::super::{ending, form, mistyped, plan, previewed, runs};
use super::Next;
use super::talk::Talk;
use super::view::{Columns, View};
use crate::cli::{ApplyCollected, Format};
use crate::error::Error;
use crate::exit;
use crate::gate::apply::ApplyOptions;
use crate::gate::send::Check;
use crate::gate::{Change, Mode, Outcome, Status, Tally, preview, provisional_ids, with_real_ids};
use crate::settings::Environment;
use clap::Parser as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

impl Talk {
    /// Shows what is collected.
    pub(super) fn plan(&self, given: &[String]) -> Result<(), Error> {
        let all = match given {
            [] => false,
            [word] if word == "all" => true,
            [word, path] if word == "csv" => return self.plan_to(path),
            _ => {
                return Err(Error::usage(
                    ":plan takes nothing, the word all, or csv and a file",
                    ":plan all shows every change, :plan csv changes.csv writes them to a file",
                ));
            }
        };
        let (console, changes) = (&self.context.console, self.collected.all());
        if changes.is_empty() {
            console.say("nothing is collected");
        } else if !self.view.look.is_for_people() {
            let lines: Value = changes.iter().flat_map(|change| line(change).fields()).collect();
            console.line(&View { columns: Columns::default(), ..self.view.clone() }.text(&lines, None, None));
        } else if all {
            changes::write(console, changes.iter().map(line), plan::COLUMNS, Format::Table);
        } else {
            let tally = Tally::default();
            for change in &changes {
                tally.planned(change);
            }
            ending::preview(console, &tally.counts());
            console.say(":apply sends them, :plan all shows every change, :discard drops them");
        }
        Ok(())
    }

    /// Writes every collected change to a file, a line for each field.
    fn plan_to(&self, path: &str) -> Result<(), Error> {
        let changes = self.collected.all();
        let lines: Value = changes.iter().flat_map(|change| line(change).fields()).collect();
        let text = form::text(&lines, None, Format::Csv, None);
        let path = Path::new(path);
        std::fs::write(path, format!("{text}\n")).map_err(|cause| Error::File {
            path: path.into(),
            doing: "write",
            cause,
        })?;
        self.context.console.say(&format!("written to {}: {}", path.display(), plural(changes.len())));
        Ok(())
    }

    /// Drops what is collected, or what one input collected.
    pub(super) fn discard(&mut self, given: &[String]) -> Result<(), Error> {
        let number = match given {
            [] => None,
            [word] => Some(word.parse::<usize>().map_err(|_| {
                Error::usage(
                    format!("\"{word}\" is no number of an input"),
                    "such as :discard 3, or :discard for all",
                )
            })?),
            _ => return Err(Error::usage(":discard takes one number, or nothing", "such as :discard 3")),
        };
        let changes = self.collected.all();
        let count = changes.len();
        let left: Vec<Change> = match number {
            None => Vec::new(),
            Some(number) => {
                let lines: Vec<usize> = changes.iter().map(|change| change.line).collect();
                let numbers = self.thread.with(move |dialogue| {
                    lines.into_iter().map(|line| dialogue.number_at(line)).collect::<Vec<_>>()
                });
                let stays = changes.into_iter().zip(numbers).filter(|(_, of)| *of != Some(number));
                stays.map(|(change, _)| change).collect()
            }
        };
        let (left, orphans) = without_orphans(left);
        let dropped = count - left.len() - orphans;
        self.settle(left, BTreeMap::new());
        let more = if orphans > 0 { format!(", and {orphans} that needed them") } else { String::new() };
        self.context.console.say(&format!("dropped {}{more}", plural(dropped)));
        Ok(())
    }

    /// Sends what is collected. What is not sent, or not done, stays collected.
    pub(super) fn apply(&mut self, given: &[String]) -> Result<Next, Error> {
        let mut wish = ApplyCollected::try_parse_from(given).map_err(|error| mistyped::as_usage(&error))?;
        let changes = self.collected.all();
        if changes.is_empty() {
            self.context.console.say("nothing is collected");
            return Ok(Next::Go);
        }
        let sending = &mut wish.sending;
        sending.max_changes = sending.max_changes.or(self.options.max_changes);
        sending.max_deletes = sending.max_deletes.or(self.options.max_deletes);
        let bounds = Bounds::sending(sending, self.context.console.can_ask());
        let about = About { kind: "apply", script: "repl".into(), ..About::default() };
        let session = self.session.again(bounds, about);
        let most = usize::try_from(wish.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let (wanted, later) = changes.split_at(most.min(changes.len()));
        if sending.dry_run {
            let seen = preview::preview(&session.door(), wanted.to_vec(), Check::Drift);
            previewed::tell(&self.context, &seen, "would change");
            return Ok(Next::Go);
        }
        let deletes = allow(&self.context, &session, sending, &plan::counts(wanted))?;
        let (send, troubles) = options(&self.context, &session, Check::Drift, wanted.len() as u64);
        let mut confirm = answers(&self.context, sending, deletes);
        let limits = session.bounds.limits(&session.settings.profile);
        let options = ApplyOptions {
            plan: None,
            limit: None,
            canary: wish.canary,
            limits,
            send,
            confirm: &mut confirm,
        };
        session.shelf.next(format!("what was collected up to [{}]", self.number - 1), session.now());
        self.context.console.begin_progress();
        let sent_all = send_all(&session, wanted.to_vec(), options);
        let (run, applied) = sent_all.inspect_err(|_| session.shelf.close())?;
        let Sent { mut left, real } = sent(&session, &run, wanted)?;
        left.extend(later.iter().cloned());
        let remaining = left.len() as u64;
        self.settle(left, real);
        let told = tell(&self.context, &session, &run, &applied.totals, remaining, &troubles);
        session.shelf.close();
        let code = told?;
        if code != exit::DONE {
            self.code = code;
        }
        Ok(Next::Go)
    }

    /// Only these changes are collected from now on.
    fn settle(&self, left: Vec<Change>, real: BTreeMap<String, String>) {
        let left = with_real_ids(left, &real);
        self.collected.replace(left.clone());
        self.thread.with(move |dialogue| dialogue.host().tenant.gate().settle(&left, real));
    }

    /// What happens to changes, or another answer to that from now on.
    pub(super) fn mode(&mut self, word: &str) -> Result<(), Error> {
        let console = &self.context.console;
        let now = self.session.mode;
        if word.is_empty() {
            console.line(now.word());
            return Ok(());
        }
        let modes = [Mode::ReadOnly, Mode::DryRun, Mode::Confirm, Mode::Live];
        let Some(mode) = modes.into_iter().find(|mode| mode.word() == word) else {
            return Err(Error::usage(
                format!("there is no mode \"{word}\""),
                "the modes are read-only, dry-run, confirm and live",
            ));
        };
        let profile = &self.session.settings.profile;
        if mode == now {
            return Ok(());
        }
        if profile.read_only.value || self.options.read_only {
            return Err(refused(
                format!("the profile \"{}\" is read-only here, and stays so", profile.name),
                "leave out --read-only, or take read_only out of its settings, if changes are meant",
            ));
        }
        if !self.collected.is_empty() {
            return Err(Error::usage(
                format!(
                    "{} not sent yet, and would not be seen in another mode",
                    plural(self.collected.len())
                ),
                ":apply sends what is collected, :discard drops it",
            ));
        }
        let is_production = profile.environment.value == Environment::Production;
        if mode == Mode::Live && is_production && self.is_person {
            let question = format!("Changes of {} will be sent at once. Type yes: ", profile.label());
            let answer = console.ask(&question);
            if !answer.is_some_and(|answer| answer.trim().eq_ignore_ascii_case("yes")) {
                console.say(&format!("still {}", now.word()));
                return Ok(());
            }
        }
        self.session.mode = mode;
        self.thread.with(move |dialogue| dialogue.host().set_mode(mode));
        self.listen_anew()
    }
}

/// What became of changes that were sent.
struct Sent {
    /// Those that were not done, and can be sent again.
    left: Vec<Change>,
    /// The ids of records that were made, by their provisional ones.
    real: BTreeMap<String, String>,
}

/// Looks into the journal. What was not tried goes back to the dialogue, so `resume` must not send it too.
fn sent(session: &Session, run: &str, wanted: &[Change]) -> Result<Sent, Error> {
    let store = session.shelf.store()?;
    let kept = runs::all_changes(&*store, run)?;
    let mut sent = Sent { left: Vec::new(), real: BTreeMap::new() };
    let mut untried = Vec::new();
    for (change, kept) in wanted.iter().zip(&kept) {
        match kept.status {
            Status::Applied => {
                if let (Some(provisional), Some(id)) = (&change.provisional, &kept.change.id) {
                    sent.real.insert(provisional.clone(), id.clone());
                }
            }
            Status::Pending | Status::Refused | Status::Failed => sent.left.push(change.clone()),
            Status::Sending | Status::Unchanged | Status::Unknown | Status::Drifted => {}
        }
        if kept.status == Status::Pending {
            untried.push(Outcome {
                seq: kept.change.seq,
                status: Status::Refused,
                id: kept.change.id.clone(),
                before: None,
                reason: Some("It went back to the session that collected it.".into()),
                kind: None,
            });
        }
    }
    if !untried.is_empty() {
        store.settle(run, &untried)?;
    }
    Ok(sent)
}

/// Changes without those that refer to records which no create among them makes; and how many those were.
fn without_orphans(mut changes: Vec<Change>) -> (Vec<Change>, usize) {
    let count = changes.len();
    loop {
        let made: Vec<String> = changes.iter().filter_map(|change| change.provisional.clone()).collect();
        let before = changes.len();
        changes.retain(|change| provisional_ids(change).iter().all(|id| made.contains(id)));
        if changes.len() == before {
            return (changes, count - before);
        }
    }
}

fn line(change: &Change) -> Line<'_> {
    Line { run: None, change, status: Status::Pending, reason: None, at: None }
}

fn plural(count: usize) -> String {
    if count == 1 { "1 change".into() } else { format!("{} changes", grouped(count as u64)) }
}
