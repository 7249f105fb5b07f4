//! `init`: a folder for scripts, with its settings, its key, and a first script with a test.

mod files;

use super::{Context, keys, stored};
use crate::cli::Init;
use crate::client;
use crate::error::{Error, Message};
use crate::exit;
use crate::settings::Sources;
use std::path::Path;

/// What was said about where a Vitally is.
pub struct Tenant {
    /// `us` or `eu`.
    region: Option<String>,
    /// Its name in US addresses.
    subdomain: Option<String>,
    /// Another address.
    base_url: Option<String>,
}

/// Sets up a folder; asks for what nobody said.
pub fn run(context: &Context, options: &Init) -> Result<u8, Error> {
    let folder = &options.folder;
    let settings = folder.join("vitally.toml");
    if context.global.demo {
        begin(context, folder)?;
        context.console.say("with a Vitally of your own: vitally-script init in the same folder");
        next_steps(context, folder, " --demo");
        return Ok(exit::DONE);
    }
    if settings.exists() {
        stays(context, &settings);
        context.console.say(
            "  for one more Vitally, add a section [profile.NAME] to it, then: vitally-script login -p NAME",
        );
    } else {
        set_up(context, options, &settings)?;
    }
    begin(context, folder)?;
    next_steps(context, folder, "");
    Ok(exit::DONE)
}

/// Finds out about the tenant and its key, and writes both down. Nothing is written before Vitally accepts the key.
fn set_up(context: &Context, options: &Init, path: &Path) -> Result<(), Error> {
    let sources = context.sources(false)?;
    let given = keys::given(context, &sources, options.api_key_file.as_deref())?;
    let tenant = said(options, &sources);
    if !context.console.can_ask() && (given.is_none() || tenant.is_none()) {
        return Err(nobody_to_ask(tenant.is_none(), given.is_none()));
    }
    let tenant = match tenant {
        Some(tenant) => tenant,
        None => asked(context)?,
    };
    let origin =
        client::origin(tenant.region.as_deref(), tenant.subdomain.as_deref(), tenant.base_url.as_deref())
            .map_err(|bad| Error::usage(bad.message, bad.help))?;
    let tenant = tenant.tidy(&origin);
    let profile = context.global.profile.clone().unwrap_or_else(|| tenant.name());
    let key = keys::accepted(context, &origin, given)?;
    context.console.say(&format!("{origin} accepts the key"));
    let place = stored::store(context, &sources, &profile, None, options.store_in, &key)?;
    let text = files::settings(&profile, &tenant, &place.line());
    let waiting = context.console.waiting(&context.stop);
    if wrote(context, path, &text).inspect_err(|_| place.take_back(&waiting))? {
        place.tell(context, &profile);
    } else {
        // Somebody else was quicker.
        place.take_back(&waiting);
    }
    Ok(())
}

/// What flags or variables say; a flag silences the variables that would say otherwise.
fn said(options: &Init, sources: &Sources) -> Option<Tenant> {
    let variable = |name| sources.variable(name).map(|found| found.value.trim().to_string());
    let flags = options.region.is_some() || options.subdomain.is_some();
    let base_url = options.base_url.clone().or_else(|| variable("VITALLY_BASE_URL").filter(|_| !flags));
    if base_url.is_some() {
        return Some(Tenant { region: None, subdomain: None, base_url });
    }
    let region = options.region.clone().or_else(|| variable("VITALLY_REGION"));
    let subdomain = options.subdomain.clone().or_else(|| variable("VITALLY_SUBDOMAIN"));
    let eu = region.as_deref().is_some_and(|region| region.eq_ignore_ascii_case("eu"));
    (eu || subdomain.is_some()).then_some(Tenant { region, subdomain, base_url: None })
}

fn nobody_to_ask(tenant: bool, key: bool) -> Error {
    let mut wanted = Vec::new();
    if tenant {
        wanted.push("add --subdomain NAME, or --region eu");
    }
    if key {
        wanted.push("set VITALLY_API_KEY, or add --api-key-file FILE");
    }
    let what = match (tenant, key) {
        (true, true) => "which Vitally, and its key",
        (true, false) => "which Vitally",
        _ => "the key",
    };
    Error::Refused(Message::new(
        format!("init has to know {what}, and nobody is there to be asked"),
        format!("{}; to practise without a key: vitally-script init --demo", wanted.join("; ")),
    ))
}

fn asked(context: &Context) -> Result<Tenant, Error> {
    let region = loop {
        match answer(context, "Is your Vitally in the us or the eu? [us] ")?.to_lowercase().as_str() {
            "" | "us" => break "us",
            "eu" => break "eu",
            _ => context.console.warn("please type us or eu"),
        }
    };
    let mut tenant = Tenant { region: Some(region.into()), subdomain: None, base_url: None };
    while region == "us" && tenant.subdomain.is_none() {
        let name = answer(context, "The name before .vitally.io in your browser: ")?;
        match client::origin(Some(region), Some(&name), None) {
            Ok(_) => tenant.subdomain = Some(name),
            Err(bad) => context.console.warn(&bad.message),
        }
    }
    Ok(tenant)
}

fn answer(context: &Context, question: &str) -> Result<String, Error> {
    match (context.console.ask(question), context.stop.reason()) {
        (_, Some(reason)) => Err(Error::Stopped(reason)),
        (Some(answer), None) => Ok(answer.trim().to_string()),
        (None, None) => Err(keys::unanswered()),
    }
}

impl Tenant {
    /// As it is written down, whatever was pasted: its origin says what was meant.
    fn tidy(self, origin: &str) -> Tenant {
        if self.base_url.is_some() {
            return Tenant { base_url: Some(origin.into()), ..self };
        }
        let name = origin.strip_prefix("https://").and_then(|host| host.strip_suffix(".rest.vitally.io"));
        let region = if name.is_some() { "us" } else { "eu" };
        Tenant { region: Some(region.into()), subdomain: name.map(str::to_string), base_url: None }
    }

    /// What its profile is called if nobody says.
    fn name(&self) -> String {
        self.subdomain.clone().or_else(|| self.region.clone()).unwrap_or_else(|| "default".into())
    }
}

/// Writes the first script and what belongs to it.
fn begin(context: &Context, folder: &Path) -> Result<(), Error> {
    for (name, text) in files::files() {
        wrote(context, &folder.join(name), &text)?;
    }
    Ok(())
}

/// Writes a new file and says so; `false` if there is one already.
fn wrote(context: &Context, path: &Path, text: &str) -> Result<bool, Error> {
    let is_new = files::write(path, text)?;
    if is_new {
        context.console.say(&format!("{} is written", shown(path)));
    } else {
        stays(context, path);
    }
    Ok(is_new)
}

fn stays(context: &Context, path: &Path) {
    context.console.say(&format!("{} is there already, and stays as it is", shown(path)));
}

/// A path without the `./` of the current folder.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

fn next_steps(context: &Context, folder: &Path, demo: &str) {
    if folder == Path::new(".") {
        context.console.say("next:");
    } else {
        context.console.say(&format!("next, in the folder {}:", folder.display()));
    }
    context.console.say(&format!("  vitally-script run hello.rhai{demo}"));
    context.console.say("  vitally-script test");
    context.console.say("  in an editor: vitally-script help editors");
}
