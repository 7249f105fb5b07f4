//! `vitally.toml` and the user's settings file: read by hand, so that every mistake is shown at its place.

use super::email::EmailSection;
use super::job::JobSection;
use super::notify::NotifySection;
use super::values::expanded;
use super::{Environment, KeySource, ProtectRule, secret};
use crate::error::{Error, Finding, Message, Place};
use crate::script::words::did_you_mean;
use crate::web::allow::Entry;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A value and the line that set it.
#[derive(Clone, Debug)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// One `[profile.NAME]`.
#[derive(Clone, Default)]
pub struct Section {
    pub(super) region: Option<Set<String>>,
    pub(super) subdomain: Option<Set<String>>,
    pub(super) base_url: Option<Set<String>>,
    pub(super) env: Option<Set<Environment>>,
    pub(super) key: Option<Set<KeySource>>,
    pub(super) read_only: Option<Set<bool>>,
    pub(super) max_changes: Option<Set<u64>>,
    pub(super) max_deletes: Option<Set<u64>>,
    pub(super) protect: Option<Set<Vec<ProtectRule>>>,
    pub(super) rate_reserve: Option<Set<f64>>,
    pub(super) timezone: Option<Set<String>>,
    pub(super) record_url: Option<Set<String>>,
}

/// The keys of a `[profile.NAME]`.
const KEYS: &[&str] = &[
    "region",
    "subdomain",
    "base_url",
    "env",
    "api_key_file",
    "api_key_command",
    "api_key_keyring",
    "read_only",
    "max_changes",
    "max_deletes",
    "protect",
    "rate_reserve",
    "timezone",
    "record_url",
];

/// One settings file.
#[derive(Clone)]
pub struct File {
    /// Where it lies.
    pub path: PathBuf,
    /// `default_profile`.
    pub default_profile: Option<Set<String>>,
    /// The profiles by name.
    pub profiles: BTreeMap<String, Section>,
    /// `[http] allow`: the hosts that scripts may speak to.
    pub http_allow: Vec<Entry>,
    /// The jobs, in order.
    pub jobs: Arc<[JobSection]>,
    /// `[notify]`: who is told about jobs.
    pub notify: Option<NotifySection>,
    /// `[email]`: the server that scripts send e-mails through.
    pub email: Option<EmailSection>,
}

impl fmt::Debug for File {
    /// Leaves out the values, one of which may be a key in the wrong place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profiles: Vec<&String> = self.profiles.keys().collect();
        f.debug_struct("File").field("path", &self.path).field("profiles", &profiles).finish_non_exhaustive()
    }
}

impl File {
    /// Where it says that the key of a profile is.
    pub fn key_of(&self, profile: &str) -> Option<&KeySource> {
        Some(&self.profiles.get(profile)?.key.as_ref()?.value)
    }

    /// Reads a settings file from disk.
    pub fn read(path: &Path) -> Result<File, Error> {
        let text = std::fs::read_to_string(path).map_err(|cause| Error::File {
            path: path.into(),
            doing: "read",
            cause,
        })?;
        File::parse(path, &text)
    }

    /// Reads the text of a settings file.
    pub fn parse(path: &Path, text: &str) -> Result<File, Error> {
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into());
        let folder = path.parent().unwrap_or(Path::new(""));
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let reader = Reader { name, folder, source: text.into(), lines };
        let table = DeTable::parse(text).map_err(|cause| {
            let span = cause.span().unwrap_or(0..0);
            reader.error(
                &span,
                format!("this is not TOML: {}", cause.message()),
                "values look like: region = \"us\"".into(),
            )
        })?;
        let mut file = File {
            path: path.into(),
            default_profile: None,
            profiles: BTreeMap::new(),
            http_allow: Vec::new(),
            jobs: Arc::default(),
            notify: None,
            email: None,
        };
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "default_profile" => file.default_profile = Some(reader.text(key, value)?),
                "profile" => {
                    for (name, section) in reader.table(key, value)? {
                        let section = reader.section(reader.table(name, section)?)?;
                        file.profiles.insert(name.get_ref().to_string(), section);
                    }
                }
                "job" => file.jobs = reader.jobs(key, value)?.into(),
                "notify" => file.notify = Some(reader.notify(key, value)?),
                "email" => file.email = Some(reader.email(key, value)?),
                "http" => {
                    for (name, value) in reader.table(key, value)? {
                        match name.get_ref().as_ref() {
                            "allow" => file.http_allow = reader.hosts(name, value)?,
                            _ => return Err(reader.unknown(name, &["allow"], "in [http]")),
                        }
                    }
                }
                _ => {
                    return Err(reader.unknown(
                        key,
                        &["default_profile", "profile", "job", "http", "email", "notify"],
                        "at the top of this file",
                    ));
                }
            }
        }
        Ok(file)
    }
}

pub(super) type Key<'a> = Spanned<DeString<'a>>;
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// The file being read.
pub(super) struct Reader<'a> {
    name: String,
    pub(super) folder: &'a Path,
    source: Arc<str>,
    /// Where every line begins.
    lines: Vec<usize>,
}

impl Reader<'_> {
    fn section(&self, table: &DeTable<'_>) -> Result<Section, Error> {
        let mut section = Section::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "region" => section.region = Some(self.word(key, value, &["us", "eu"])?),
                "subdomain" => section.subdomain = Some(self.text(key, value)?),
                "base_url" => section.base_url = Some(self.text(key, value)?),
                "env" => {
                    let set = self.word(key, value, &["production", "sandbox"])?;
                    let sandbox = set.value == "sandbox";
                    let value = if sandbox { Environment::Sandbox } else { Environment::Production };
                    section.env = Some(Set { value, place: set.place });
                }
                setting @ ("api_key_file" | "api_key_command" | "api_key_keyring") => {
                    let set = self.text(key, value)?;
                    if let Some(earlier) = section.key.as_ref().and_then(|set| set.value.setting()) {
                        return Err(self.error(
                            &key.span(),
                            format!("{setting} and {earlier} are both set"),
                            "keep one of them".into(),
                        ));
                    }
                    let source = match setting {
                        "api_key_file" => KeySource::File(self.folder.join(expanded(&set.value))),
                        "api_key_keyring" => KeySource::Keyring(set.value),
                        _ => KeySource::Command(set.value),
                    };
                    section.key = Some(Set { value: source, place: set.place });
                }
                "read_only" => section.read_only = Some(self.flag(key, value)?),
                "max_changes" => section.max_changes = Some(self.count(key, value)?),
                "max_deletes" => section.max_deletes = Some(self.count(key, value)?),
                "protect" => section.protect = Some(self.rules(key, value)?),
                "rate_reserve" => section.rate_reserve = Some(self.share(key, value)?),
                "timezone" => section.timezone = Some(self.text(key, value)?),
                "record_url" => section.record_url = Some(self.record_url(key, value)?),
                _ => return Err(self.unknown(key, KEYS, "in a profile")),
            }
        }
        Ok(section)
    }

    pub(super) fn unknown(&self, key: &Key<'_>, known: &[&str], place: &str) -> Error {
        let near = did_you_mean(key.get_ref(), known.iter().copied());
        let help = if key.get_ref().contains("key") || key.get_ref().contains("token") {
            "a key never stands in this file: use api_key_keyring, api_key_file, api_key_command, or \
             VITALLY_API_KEY"
                .into()
        } else {
            format!("known are: {}", known.join(", "))
        };
        self.error(&key.span(), format!("there is no setting \"{}\" {place}{near}", key.get_ref()), help)
    }

    pub(super) fn error(&self, span: &std::ops::Range<usize>, message: String, help: String) -> Error {
        let place = self.place(span);
        at(Message { text: message, help: Some(help).filter(|help| !help.is_empty()) }, &place)
    }

    pub(super) fn place(&self, span: &std::ops::Range<usize>) -> Place {
        let start = span.start.min(self.source.len());
        let line = self.lines.partition_point(|begin| *begin <= start).max(1);
        let before = self.source.get(self.lines[line - 1]..start).unwrap_or_default();
        let length =
            self.source.get(span.clone()).map_or(1, |text| text.lines().next().unwrap_or("").chars().count());
        Place {
            file: self.name.clone(),
            source: Arc::clone(&self.source),
            line,
            column: before.chars().count() + 1,
            length: length.max(1),
        }
    }
}

/// A message that points at a line of a settings file. A line that may hold a key is named, never shown.
pub(super) fn at(message: Message, place: &Place) -> Error {
    let line = place.source.lines().nth(place.line - 1).unwrap_or_default();
    let hidden = secret::may_be_in(line);
    let named = || format!("{}:{}: {}", place.file, place.line, message.text);
    Error::Settings(Box::new(Finding {
        code: None,
        kind: "usage",
        message: if hidden { named() } else { message.text.clone() },
        label: None,
        help: message.help,
        place: (!hidden).then(|| place.clone()),
        trace: Vec::new(),
        status: None,
    }))
}
