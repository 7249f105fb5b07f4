//! `apply PLAN`: sends the changes of a plan to records that still are as the plan saw them.

use super::bounds::Bounds;
use super::opener::About;
use super::plan_file::unusable;
use super::sending::{allow, answers, options, refused, tell};
use super::session::Session;
use super::{Context, plan, previewed, source};
use crate::cli::Apply;
use crate::error::Error;
use crate::exit;
use crate::gate::apply::{Applied, ApplyError, ApplyOptions, apply};
use crate::gate::plan::Header;
use crate::gate::send::Check;
use crate::gate::{Change, preview, send};
use crate::script;
use std::path::Path;

/// Applies a plan.
pub fn run(context: &Context, apply: &Apply) -> Result<u8, Error> {
    let mut reader = plan::open(&apply.plan)?;
    let header = reader.header().clone();
    let changes = plan::all(&apply.plan, &mut reader)?;
    let bounds = Bounds::sending(&apply.sending, context.console.can_ask());
    let about = About {
        kind: "apply",
        script: apply.plan.display().to_string(),
        hash: header.plan.clone(),
        ..About::default()
    };
    let session = Session::open_with_key(context, bounds, about)?;
    check(context, &session, &header)?;
    session.introduce();
    let limit = apply.limit.unwrap_or(u64::MAX);
    let wanted = changes.iter().zip(0..limit).map(|(change, _)| change);
    let counts = plan::counts(wanted.clone());
    if changes.is_empty() {
        context.console.say("the plan changes nothing");
        return Ok(exit::DONE);
    }
    if apply.sending.dry_run {
        let door = session.door();
        previewed::tell(
            context,
            &preview::preview(&door, wanted.cloned().collect(), Check::Drift),
            "would change",
        );
        return Ok(exit::DONE);
    }
    let deletes = allow(context, &session, &apply.sending, &counts)?;
    let all = (changes.len() as u64).min(limit);
    let (send, troubles) = options(context, &session, Check::Drift, all);
    let mut confirm = answers(context, &apply.sending, deletes);
    let options = ApplyOptions {
        plan: Some(header.plan),
        limit: apply.limit,
        canary: apply.canary,
        limits: session.bounds.limits(&session.settings.profile),
        send,
        confirm: &mut confirm,
    };
    let (run, applied) = send_all(&session, changes, options)?;
    tell(context, &session, &run, &applied.totals, applied.remaining, &troubles)
}

/// Writes changes down in a new run, and sends them.
pub fn send_all(
    session: &Session,
    changes: Vec<Change>,
    options: ApplyOptions,
) -> Result<(String, Applied), Error> {
    let profile = &session.settings.profile;
    let about = session.about.new_run(profile, session.origin(), "live", session.now());
    let written = session.shelf.start(&about)?;
    let journal = send::Journal { store: written.store, run: written.run.clone() };
    match apply(changes.into_iter().map(Ok), session.door(), journal, options) {
        Ok(applied) => Ok((written.run, applied)),
        Err(error) => {
            session.shelf.finish("refused", session.now())?;
            Err(match error {
                ApplyError::Plan(error) => unusable(Path::new("the plan"), &error),
                ApplyError::Store(error) => error.into(),
                ApplyError::Refused(message) => Error::Refused(message),
            })
        }
    }
}

/// A plan is for one profile and one tenant, and for the script as it is now.
fn check(context: &Context, session: &Session, header: &Header) -> Result<(), Error> {
    let profile = &session.settings.profile;
    if header.profile != profile.name {
        return Err(refused(
            format!("the plan is for the profile \"{}\", and this is \"{}\"", header.profile, profile.name),
            format!("choose it: -p {}", header.profile),
        ));
    }
    if header.origin != session.origin() {
        let text = if session.is_demo() {
            "a plan for the demo tenant cannot be applied: that tenant ended with the command".into()
        } else {
            format!("the plan is for {}, and the profile leads to {}", header.origin, session.origin())
        };
        return Err(refused(text, "make the plan again with --plan-out"));
    }
    let path = Path::new(&header.script);
    if path.extension().is_none_or(|end| end != "rhai") {
        return Ok(());
    }
    if !path.exists() {
        context.console.warn(&format!(
            "the script {} is not here, so whether it was changed since cannot be checked",
            header.script
        ));
        return Ok(());
    }
    let script = source::script(path, &session.settings.root)?;
    if script::fingerprint(&script) != header.script_hash {
        return Err(refused(
            format!("the script {} was changed since the plan was made", header.script),
            format!("make the plan again: vitally-script run {} --plan-out …", header.script),
        ));
    }
    Ok(())
}
