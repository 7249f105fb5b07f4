//! One profile: everything about one Vitally tenant, each value with its origin.

use super::file::{Section, Set, at};
use super::{KeySource, Origin, Sourced, Sources, key, secret};
use crate::client;
use crate::clock::Zone;
use crate::error::{Error, Message, Place};
use jiff::tz::TimeZone;
use std::fmt;
use std::path::PathBuf;

/// How careful to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real customers' data; what an unmarked profile is.
    Production,
    /// Nothing that matters.
    Sandbox,
}

impl Environment {
    /// The word in `vitally.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Environment::Production => "production",
            Environment::Sandbox => "sandbox",
        }
    }
}

/// What says which records scripts may not write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProtectRule {
    /// The records of a segment, by its name or id.
    Segment(String),
    /// A script that is asked about each record.
    Script(PathBuf),
}

impl ProtectRule {
    /// The rule as `vitally.toml` says it.
    pub fn text(&self) -> String {
        match self {
            ProtectRule::Segment(name) => name.clone(),
            ProtectRule::Script(path) => path.display().to_string(),
        }
    }
}

/// One Vitally tenant.
#[derive(Clone)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Who chose it.
    pub chosen: Origin,
    /// `us` or `eu`.
    pub region: Sourced<Option<String>>,
    /// The tenant's name in US addresses.
    pub subdomain: Sourced<Option<String>>,
    /// Another address.
    pub base_url: Sourced<Option<String>>,
    /// How careful to be.
    pub environment: Sourced<Environment>,
    /// Where the key is.
    pub key: Sourced<Option<KeySource>>,
    /// Whether changes are refused.
    pub read_only: Sourced<bool>,
    /// How many changes a run may make; `None`: any number.
    pub max_changes: Sourced<Option<u64>>,
    /// How many deletes a run may make; `None`: any number.
    pub max_deletes: Sourced<Option<u64>>,
    /// Which records scripts may not write.
    pub protect: Sourced<Vec<ProtectRule>>,
    /// The share of the rate limit left to others, 0 to 0.9.
    pub rate_reserve: Sourced<f64>,
    /// The zone of `today()`; the system's if not set.
    pub timezone: Sourced<Option<String>>,
    /// The address of a record in Vitally's pages, with `{id}` or `{externalId}`, `{object}` and `{objects}` in it.
    pub record_url: Sourced<Option<String>>,
}

/// The share of the rate limit that is left to others when nobody says so.
const RATE_RESERVE: f64 = 0.05;
/// How many changes a run may make on production when nobody says so.
const MAX_CHANGES: u64 = 500;

/// Makes the origin of a value that a file set.
type MakeOrigin = fn(Place) -> Origin;

/// What a tenant's settings may come from, strongest first: variables (for the selected profile), then sections.
struct Layers<'a> {
    variables: Option<&'a Sources>,
    sections: Vec<(&'a Section, MakeOrigin)>,
}

impl Layers<'_> {
    fn text(
        &self,
        name: &'static str,
        of: impl Fn(&Section) -> &Option<Set<String>>,
    ) -> Sourced<Option<String>> {
        match self.variables.and_then(|sources| sources.variable(name)) {
            Some(found) => Sourced { value: Some(found.value.trim().to_string()), origin: found.origin },
            None => optional(self.set(of)),
        }
    }

    fn set<T: Clone>(&self, of: impl Fn(&Section) -> &Option<Set<T>>) -> Option<Sourced<T>> {
        self.sections.iter().find_map(|(section, origin)| {
            of(section).clone().map(|set| Sourced { value: set.value, origin: origin(set.place) })
        })
    }
}

impl fmt::Debug for Profile {
    /// Says which profile it is, and hides what may be a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("name", &self.name)
            .field("region", &self.region.value)
            .field("subdomain", &self.subdomain.value)
            .field("base_url", &self.base_url.value.as_deref().map(secret::without_login))
            .field("environment", &self.environment.value)
            .field("key", &self.key.value)
            .finish_non_exhaustive()
    }
}

impl Profile {
    /// The profile a command runs with: the environment speaks about it.
    pub(super) fn selected(sources: &Sources, name: Sourced<String>) -> Result<Profile, Error> {
        Profile::from_layers(sources, Some(sources), name)
    }

    /// A profile that only the files speak about.
    pub(super) fn from_files(sources: &Sources, name: &str) -> Result<Profile, Error> {
        Profile::from_layers(sources, None, Sourced::default(name.to_string()))
    }

    /// The profile of `--demo`: an in-process simulator.
    pub fn demo(base_url: String, key: crate::client::ApiKey) -> Profile {
        let flag = Origin::Flag("--demo");
        Profile {
            name: "demo".into(),
            chosen: flag.clone(),
            region: Sourced::default(None),
            subdomain: Sourced::default(None),
            base_url: Sourced { value: Some(base_url), origin: flag.clone() },
            environment: Sourced { value: Environment::Sandbox, origin: flag.clone() },
            key: Sourced { value: Some(KeySource::Given(key)), origin: flag },
            read_only: Sourced::default(false),
            max_changes: Sourced::default(None),
            max_deletes: Sourced::default(None),
            protect: Sourced::default(Vec::new()),
            rate_reserve: Sourced::default(0.0),
            timezone: Sourced::default(None),
            record_url: Sourced::default(None),
        }
    }

    fn from_layers(
        sources: &Sources,
        variables: Option<&Sources>,
        name: Sourced<String>,
    ) -> Result<Profile, Error> {
        let files = [(&sources.project, Origin::Project as MakeOrigin), (&sources.user, Origin::User)];
        let sections = files.into_iter().filter_map(|(file, origin)| {
            let section = file.as_ref()?.profiles.get(&name.value)?;
            Some((section, origin))
        });
        let layers = Layers { variables, sections: sections.collect() };
        let region = layers.text("VITALLY_REGION", |section| &section.region);
        let subdomain = layers.text("VITALLY_SUBDOMAIN", |section| &section.subdomain);
        let mut base_url = layers.text("VITALLY_BASE_URL", |section| &section.base_url);
        // A region said on a stronger level is not silenced by a base URL from a weaker one.
        if region.origin.rank().min(subdomain.origin.rank()) < base_url.origin.rank() {
            base_url = Sourced::default(None);
        }
        let environment = layers.set(|s| &s.env).unwrap_or(Sourced::default(Environment::Production));
        let production = environment.value == Environment::Production;
        let limit = |set: Option<Sourced<u64>>, default: u64| match set {
            Some(set) => Sourced { value: Some(set.value), origin: set.origin },
            None => Sourced::default(production.then_some(default)),
        };
        let read_only = if sources.flags.read_only {
            Sourced { value: true, origin: Origin::Flag("--read-only") }
        } else {
            layers.set(|section| &section.read_only).unwrap_or(Sourced::default(false))
        };
        Ok(Profile {
            key: key_source(&layers, sources)?,
            region,
            subdomain,
            base_url,
            environment,
            read_only,
            max_changes: limit(layers.set(|section| &section.max_changes), MAX_CHANGES),
            max_deletes: limit(layers.set(|section| &section.max_deletes), 0),
            protect: layers.set(|section| &section.protect).unwrap_or(Sourced::default(Vec::new())),
            rate_reserve: layers.set(|s| &s.rate_reserve).unwrap_or(Sourced::default(RATE_RESERVE)),
            timezone: optional(layers.set(|section| &section.timezone)),
            record_url: optional(layers.set(|section| &section.record_url)),
            name: name.value,
            chosen: name.origin,
        })
    }

    /// Where requests go, or why they cannot go anywhere.
    pub fn address(&self) -> Result<String, Error> {
        let (region, subdomain) = (self.region.value.as_deref(), self.subdomain.value.as_deref());
        client::origin(region, subdomain, self.base_url.value.as_deref()).map_err(|bad| {
            let message = Message::new(bad.message, bad.help);
            match self.blamed().place() {
                Some(place) => at(message, place),
                None => Error::Usage(message),
            }
        })
    }

    /// Who is to be told that the address makes no sense: a base URL decides alone, else the strongest source does.
    fn blamed(&self) -> &Origin {
        if self.base_url.value.is_some() {
            return &self.base_url.origin;
        }
        let (region, subdomain) = (&self.region.origin, &self.subdomain.origin);
        if region.rank() < subdomain.rank() { region } else { subdomain }
    }

    /// The zone of `today()`.
    pub fn zone(&self) -> Result<Zone, Error> {
        let Some(name) = &self.timezone.value else { return Ok(Zone::default()) };
        TimeZone::get(name).map(Zone::from).map_err(|_| {
            let message = Message::new(
                format!("there is no time zone \"{name}\""),
                "zones are named like Europe/London or America/New_York",
            );
            match self.timezone.origin.place() {
                Some(place) => at(message, place),
                None => Error::Usage(message),
            }
        })
    }

    /// The profile as people see it: `acme PRODUCTION (US)`.
    pub fn label(&self) -> String {
        let environment = match self.environment.value {
            Environment::Production => "PRODUCTION",
            Environment::Sandbox => "sandbox",
        };
        let eu = self.region.value.as_deref().is_some_and(|region| region.eq_ignore_ascii_case("eu"));
        let host = match &self.base_url.value {
            Some(_) if self.name == "demo" => "simulator",
            Some(url) => url.split("://").last().unwrap_or(url).trim_end_matches("/resources"),
            None if eu && self.subdomain.value.is_none() => "EU",
            None => "US",
        };
        format!("{} {environment} ({host})", self.tenant())
    }

    /// The tenant as people call it.
    pub fn tenant(&self) -> &str {
        match (&self.base_url.value, &self.subdomain.value) {
            (None, Some(subdomain)) => subdomain,
            _ => &self.name,
        }
    }
}

fn optional<T>(set: Option<Sourced<T>>) -> Sourced<Option<T>> {
    match set {
        Some(set) => Sourced { value: Some(set.value), origin: set.origin },
        None => Sourced::default(None),
    }
}

fn key_source(layers: &Layers<'_>, sources: &Sources) -> Result<Sourced<Option<KeySource>>, Error> {
    if let Some(found) = layers.variables.and_then(|sources| sources.variable("VITALLY_API_KEY")) {
        let key = key::parse(&found.value, "VITALLY_API_KEY")?;
        return Ok(Sourced { value: Some(KeySource::Given(key)), origin: found.origin });
    }
    if let Some(found) = layers.variables.and_then(|sources| sources.variable("VITALLY_API_KEY_FILE")) {
        let path = sources.folder.join(found.value.trim());
        return Ok(Sourced { value: Some(KeySource::File(path)), origin: found.origin });
    }
    Ok(optional(layers.set(|section| &section.key)))
}
