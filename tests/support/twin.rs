//! Two tenants that start alike: one is written to, the other only read through the overlay. What both answer can
//! be compared.

use super::http;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use vitally_script::catalogue::{self, Effect, Envelope, Kind};
use vitally_script::gate::overlay::Overlay;
use vitally_script::gate::{Ask, Change, Listing, Shape};
use vitally_script::simulator::{Options, Simulator};

/// What Vitally counts or derives on its side, from other records than the one that was written.
const DERIVED: &[&str] = &[
    "updatedAt",
    "usersCount",
    "accountsCount",
    "npsScore",
    "npsDetractorCount",
    "npsPassiveCount",
    "npsPromoterCount",
    "npsLastScore",
    "npsLastFeedback",
    "npsLastRespondedAt",
    "lastInboundMessageTimestamp",
    "lastOutboundMessageTimestamp",
    // The default status of a project, which no endpoint names.
    "projectStatusId",
    // Of a conversation: who belongs to it follows from all its messages, also those that were deleted.
    "users",
    "admins",
];

/// Fields that the catalogue marks "where Vitally sends them", and the simulator does not.
const NOT_SENT: &[(&str, &[&str])] = &[
    ("conversation", &["externalUrl", "accounts"]),
    ("nps_response", &["user"]),
    ("message", &["conversationId", "createdAt"]),
];

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
            let last = pages.len() - 1;
            let pages = pages.into_iter().enumerate();
            Some(pages.flat_map(|(at, page)| self.overlay.page(&listing, page, at == last)).collect())
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

    /// A record without what is derived on the server; of embedded records only their ids.
    fn comparable(&self, object: &str, record: &Value) -> Value {
        let page = catalogue::object(object).expect("an object");
        let record = self.translated(record, true);
        let not_sent = NOT_SENT.iter().find(|(name, _)| *name == object).map_or(&[][..], |(_, names)| *names);
        let mut fields: BTreeMap<String, Value> = BTreeMap::new();
        for (name, value) in record.as_object().expect("a record") {
            if DERIVED.contains(&name.as_str()) || not_sent.contains(&name.as_str()) {
                continue;
            }
            let value = match page.field(name).map(|field| field.kind) {
                Some(Kind::One(_)) => value["id"].clone(),
                Some(Kind::Many("custom_field")) => without_ids(value),
                Some(Kind::Many(_)) => sorted_ids(value),
                Some(Kind::Messages) => without_ids(value),
                _ => value.clone(),
            };
            fields.insert(name.clone(), sorted(value));
        }
        serde_json::to_value(fields).expect("JSON")
    }
}

/// The request that reads one record; instances have none, and are searched by their id.
fn one(object: &str, key: &str, parent: Option<&str>) -> Ask {
    let page = catalogue::object(object).expect("an object");
    if object == "custom_object_instance" {
        let path = format!("/customObjects/{}/instances/search", parent.unwrap_or_default());
        return Ask { object: page, path, query: vec![("id".into(), key.into())], shape: Shape::Search };
    }
    let get = page.actions.iter().find(|action| action.effect == Effect::Read).expect("a read");
    let path = get.path.replace("{id}", &encoded(key));
    Ask { object: page, path, query: Vec::new(), shape: Shape::One(key.into()) }
}

fn first(answer: Value) -> Option<Value> {
    match answer {
        Value::Array(found) => found.into_iter().next(),
        other => Some(other),
    }
}

fn read(simulator: &Simulator, ask: &Ask) -> Option<Value> {
    let query: Vec<String> =
        ask.query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let reply = http::get(simulator, &format!("{}?{}", ask.path, query.join("&")));
    (reply.status == 200).then(|| reply.json())
}

/// The pages of a list, of three records each; `None` if it is refused.
fn walk(simulator: &Simulator, path: &str, query: &[(String, String)]) -> Option<Vec<Vec<Value>>> {
    let mut pages = Vec::new();
    let mut from = String::new();
    loop {
        let filters: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let target = format!("{path}?limit=3&from={}&{}", encoded(&from), filters.join("&"));
        let reply = http::get(simulator, &target);
        if reply.status != 200 {
            return None;
        }
        let page = reply.json();
        pages.push(page["results"].as_array().expect("a page").clone());
        match page["next"].as_str() {
            Some(next) => from = next.to_string(),
            None => return Some(pages),
        }
    }
}

/// What differs between two answers, in one line each.
fn assert_alike(live: &Value, dry: &Value, what: &str) {
    if live != dry {
        let mut differences = Vec::new();
        differing(live, dry, "", &mut differences);
        panic!("{what}\n{}", differences.join("\n"));
    }
}

fn differing(live: &Value, dry: &Value, path: &str, out: &mut Vec<String>) {
    match (live, dry) {
        (Value::Object(one), Value::Object(other)) => {
            let missing = Value::String("nothing".into());
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for name in names {
                let of = |fields: &Map<String, Value>| fields.get(name).unwrap_or(&missing).clone();
                differing(&of(one), &of(other), &format!("{path}.{name}"), out);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.iter().all(Value::is_object) => {
            let only = |these: &[Value], those: &[Value]| -> Vec<Value> {
                these.iter().filter(|item| !those.contains(item)).cloned().collect()
            };
            if one.len() != other.len() {
                out.push(format!("{path}: live {} dry {} records", one.len(), other.len()));
            }
            let (one, other) = (only(one, other), only(other, one));
            if one.len() == other.len() {
                for (at, (one, other)) in one.iter().zip(&other).enumerate() {
                    differing(one, other, &format!("{path}[{at}]"), out);
                }
            } else {
                out.push(format!("{path}: live {} dry {}", json!(one), json!(other)));
            }
        }
        (one, other) if one != other => out.push(format!("{path}: live {one} dry {other}")),
        _ => {}
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn sorted_ids(value: &Value) -> Value {
    let ids = value.as_array().into_iter().flatten().map(|one| one["id"].as_str().unwrap_or_default());
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.into()
}

fn without_ids(value: &Value) -> Value {
    let hidden = ["id", "conversationId", "createdAt", "updatedAt"];
    let items = value.as_array().into_iter().flatten().filter_map(Value::as_object);
    // Messages of the same moment have no order of their own.
    let items = items.map(|item| {
        let kept = item.iter().filter(|(name, _)| !hidden.contains(&name.as_str()));
        Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
    });
    let mut items: Vec<Value> = items.collect();
    items.sort_by_key(|item| (item["externalId"].to_string(), item["label"].to_string()));
    items.into()
}

/// With keys in order, so that texts can be compared.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> =
                fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            serde_json::to_value(fields).expect("JSON")
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
