//! Two tenants that start alike: one is written to, the other only read through the overlay. What both answer can
//! be compared.

use super::alike::{assert_alike, comparable};
use super::http;
use super::reads::{encoded, first, one, read, walk};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vitally_script::catalogue::{self, Effect, Envelope};
use vitally_script::gate::overlay::Overlay;
use vitally_script::gate::{Ask, Change, Listing, Shape};
use vitally_script::simulator::{Options, Simulator};

/// One change, in words of both tenants.
pub struct Step {
    /// The action's name.
    pub action: &'static str,
    /// The record it is about, by the id of the live tenant or by externalId.
    pub id: Option<String>,
    pub external: Option<String>,
    /// The record it belongs to, by the id of the live tenant.
    pub parent: Option<String>,
    /// The body, with ids of the live tenant.
    pub body: Option<Value>,
    /// Whether the record is read first, as the gate does.
    pub read_first: bool,
}

/// Both tenants.
pub struct Twin {
    pub live: Simulator,
    pub dry: Simulator,
    pub overlay: Overlay,
    now: Timestamp,
    seq: u64,
    /// Ids of the live tenant, by the provisional ones; `false` if the record was there before.
    ids: BTreeMap<String, (String, bool)>,
    /// Accounts that changed their organization. What hangs on them, and was not changed itself, moves between the
    /// organizations' lists with them; the overlay cannot know what that is.
    moved: BTreeSet<String>,
    /// A known user got links. Its responses enter lists with it, and the overlay cannot know them either.
    relinked: bool,
}

impl Twin {
    /// Two tenants with the same records at the same time.
    pub fn start(accounts: usize) -> Twin {
        let now: Timestamp = "2026-11-30T08:00:00Z".parse().expect("a time");
        let options = Options { accounts, rate_limit: None, now: Some(now), ..Options::default() };
        let start = || Simulator::start(options.clone()).expect("a free port");
        let overlay = Overlay::default();
        Twin {
            live: start(),
            dry: start(),
            overlay,
            now,
            seq: 0,
            ids: BTreeMap::new(),
            moved: BTreeSet::new(),
            relinked: false,
        }
    }

    /// Makes a change in both; says what the live tenant answered, or `None` if it refused.
    pub fn change(&mut self, step: &Step) -> Option<Value> {
        let (object, action) =
            catalogue::actions().find(|(_, action)| action.name == step.action).expect("an action");
        let provisional = |twin: &Twin, id: &Option<String>| id.as_ref().map(|id| twin.as_dry(id));
        let key = provisional(self, &step.id).or_else(|| step.external.clone());
        let whole = key.as_ref().filter(|_| step.read_first && action.effect != Effect::Create);
        let whole = whole.and_then(|key| self.dry_read(object.name, key, step.parent.as_deref()));
        let live = self.send(action, step);
        self.seq += 1;
        let after = step.body.as_ref().map(|body| self.translated(body, false));
        let after = after.and_then(|body| body.as_object().cloned());
        let given = after.as_ref().and_then(|body| body.get("externalId")).and_then(Value::as_str);
        let change = Change {
            seq: self.seq,
            row: None,
            action: action.name.into(),
            object: object.name.into(),
            id: provisional(self, &step.id),
            external_id: step.external.clone().or_else(|| given.map(String::from)),
            provisional: (action.effect == Effect::Create).then(|| format!("new-{}", self.seq)),
            name: None,
            parent: provisional(self, &step.parent),
            query: Vec::new(),
            before: None,
            after,
            script: String::new(),
            line: 0,
        };
        // A record that cannot be read first is not changed.
        let lost = step.read_first && action.effect != Effect::Create && whole.is_none();
        let dry = if lost { None } else { self.overlay.take(&change, whole.as_ref(), self.now) };
        assert_eq!(live.is_some(), dry.is_some(), "{change:?}\nlive: {live:?}\ndry: {dry:?}");
        let links = |name: &str| step.body.as_ref().is_some_and(|body| body.get(name).is_some());
        let new = live
            .as_ref()
            .is_some_and(|live| live["createdAt"] == self.now.strftime("%FT%T.000Z").to_string());
        self.relinked |= object.name == "user" && !new && (links("accountIds") || links("organizationIds"));
        let moves = object.name == "account" && links("organizationId");
        if let Some(live) = live.as_ref().filter(|_| moves) {
            self.moved.extend(live["id"].as_str().map(String::from));
        }
        if let (Some(live), Some(dry)) = (&live, &dry) {
            let unread = action.effect == Effect::Update && whole.is_none();
            // A create may turn out to be the update of a record that this run has not read.
            let blind = action.effect == Effect::Create
                && match object.name {
                    "message" => {
                        http::get(&self.dry, &format!("/messages/{}", live["id"].as_str().unwrap_or("")))
                            .status
                            == 200
                    }
                    _ => dry["createdAt"] != live["createdAt"],
                };
            if let (Some(live), Some(dry)) = (live["id"].as_str(), dry["id"].as_str()) {
                self.ids.insert(dry.into(), (live.into(), !blind));
            }
            if !unread && !blind && !live.is_null() {
                let what = format!("the answer of {change:?}");
                let (live, dry) = (self.comparable(object.name, live), self.comparable(object.name, dry));
                assert_alike(&live, &dry, &what);
            }
        }
        live
    }

    fn send(&self, action: &catalogue::Action, step: &Step) -> Option<Value> {
        let key = step.id.as_deref().or(step.external.as_deref()).unwrap_or_default();
        let path = action
            .path
            .replace("{parent}", step.parent.as_deref().unwrap_or_default())
            .replace("{id}", &encoded(key));
        let body = step.body.clone().unwrap_or_default();
        let reply = http::send(&self.live, action.method.as_str(), &path, &body);
        match reply.status {
            200 => Some(reply.json()),
            204 => Some(Value::Null),
            400 | 404 => None,
            status => panic!("{path}: {status} {}", reply.text()),
        }
    }

    /// Reads one record in both, and compares.
    pub fn compare_one(&mut self, object: &str, id: &str) {
        let (live, dry) = (self.live_read(object, id, None), self.dry_read(object, &self.as_dry(id), None));
        let of = |record: &Option<Value>| {
            record.as_ref().map_or(Value::Null, |record| self.comparable(object, record))
        };
        assert_alike(&of(&live), &of(&dry), &format!("{object} {id}"));
    }

    /// Reads a list in both, and compares its records whatever their order. `within`: the parent and its id or
    /// externalId.
    pub fn compare_list(&mut self, list: &str, within: Option<(&'static str, &str)>, query: &[(&str, &str)]) {
        let object = catalogue::object(list).expect("a list");
        let page = object.lists.iter().find(|page| page.name == list).expect("a list");
        let path = |key: Option<String>| match within {
            Some((kind, _)) => {
                let below =
                    page.within.iter().find(|(key, _)| *key == kind).map_or(page.path, |(_, path)| *path);
                below.replace("{parent}", &encoded(&key.unwrap_or_default()))
            }
            None => page.path.to_string(),
        };
        let query: Vec<(String, String)> =
            query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let live = walk(&self.live, &path(within.map(|(_, key)| key.into())), &query);
        let dry_key = within.map(|(_, key)| self.as_dry(key));
        let listing = Listing {
            object,
            within: within.map(|(kind, _)| (kind, dry_key.clone().unwrap_or_default())),
            path: path(dry_key),
            query,
            envelope: Envelope::Results,
        };
        let dry = self.overlay.whole_list(&listing).unwrap_or_else(|| {
            let pages = walk(&self.dry, &listing.path, &listing.query)?;
            let end = pages.len() - 1;
            let pages = pages.into_iter().enumerate();
            Some(pages.flat_map(|(at, page)| self.overlay.page(&listing, page, at == end)).collect())
        });
        let live: Option<Vec<Value>> = live.map(|pages| pages.into_iter().flatten().collect());
        let hangs_on_moved = |record: &Value| {
            let accounts = record["accounts"].as_array().into_iter().flatten().map(|one| &one["id"]);
            accounts.chain([&record["accountId"]]).filter_map(Value::as_str).any(|id| {
                let id = self.ids.get(id).map_or(id, |(live, _)| live);
                self.moved.contains(id)
            })
        };
        let below_organization = within.is_some_and(|(kind, _)| kind == "organization");
        let judged = |records: Option<Vec<Value>>| {
            // A response hangs on accounts through its user, which it does not show.
            let response = object.name == "nps_response";
            let unclear = response && (self.relinked || (below_organization && !self.moved.is_empty()));
            let skips = |record: &Value| unclear || (below_organization && hangs_on_moved(record));
            records.map(|records| records.into_iter().filter(|record| !skips(record)).collect())
        };
        let (live, dry) = (judged(live), judged(dry));
        self.compare_all(object.name, live, dry, &format!("{list} {within:?} {:?}", listing.query));
    }

    /// Searches in both, and compares.
    pub fn compare_search(&mut self, object: &str, path: &str, query: (&str, &str)) {
        let page = catalogue::object(object).expect("an object");
        let ask = |path: String, value: String| Ask {
            object: page,
            path,
            query: vec![(query.0.into(), value)],
            shape: Shape::Search,
        };
        let live = read(&self.live, &ask(path.into(), query.1.into()));
        let dry_path = path.split('/').map(|part| self.as_dry(part)).collect::<Vec<_>>().join("/");
        let dry = self.asked(&ask(dry_path, self.as_dry(query.1)));
        let list = |answer: Option<Value>| {
            answer
                .map(|answer| answer["results"].as_array().or(answer.as_array()).cloned().unwrap_or_default())
        };
        self.compare_all(object, list(live), list(dry), &format!("{path} {query:?}"));
    }

    fn compare_all(&self, object: &str, live: Option<Vec<Value>>, dry: Option<Vec<Value>>, what: &str) {
        let all = |records: Option<Vec<Value>>| match records {
            Some(records) => {
                let mut all: Vec<Value> = records.iter().map(|one| self.comparable(object, one)).collect();
                all.sort_by_key(Value::to_string);
                Value::Array(all)
            }
            None => Value::Null,
        };
        assert_alike(&all(live), &all(dry), what);
    }

    fn live_read(&self, object: &str, key: &str, parent: Option<&str>) -> Option<Value> {
        read(&self.live, &one(object, key, parent)).and_then(first)
    }

    /// Reads one record through the overlay.
    pub fn dry_read(&mut self, object: &str, key: &str, parent: Option<&str>) -> Option<Value> {
        let parent = parent.map(|parent| self.as_dry(parent));
        self.asked(&one(object, key, parent.as_deref())).and_then(first)
    }

    fn asked(&mut self, ask: &Ask) -> Option<Value> {
        if let Some(known) = self.overlay.known(ask) {
            return known;
        }
        let answer = read(&self.dry, ask);
        self.overlay.seen(ask, answer)
    }

    /// An id of the live tenant as the dry run names it.
    pub fn as_dry(&self, id: &str) -> String {
        let same = self.ids.iter().find(|(dry, (live, new))| live == id && *new && dry.starts_with("new-"));
        same.map_or(id, |(dry, _)| dry).to_string()
    }

    /// Every id replaced by the other tenant's.
    fn translated(&self, value: &Value, to_live: bool) -> Value {
        match value {
            Value::String(text) if to_live => {
                self.ids.get(text).map_or(text, |(live, _)| live).clone().into()
            }
            Value::String(text) => self.as_dry(text).into(),
            Value::Array(items) => items.iter().map(|item| self.translated(item, to_live)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), self.translated(value, to_live)));
                Value::Object(fields.collect())
            }
            other => other.clone(),
        }
    }

    fn comparable(&self, object: &str, record: &Value) -> Value {
        comparable(object, &self.translated(record, true))
    }
}
