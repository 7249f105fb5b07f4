//! Makes and changes records in the tenant of a test, as people in Vitally's app and other programs do.

use super::variety;
use crate::catalogue::{self, Action, Detect, Effect, Method, Object, Trigger};
use crate::error::Message;
use crate::gate::{Change, Fields};
use crate::script::fields;
use crate::script::thing::{spoken, with_article};
use crate::script::words::did_you_mean;
use crate::simulator::Simulator;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fields of accounts and organizations that show the trait of the same name.
const VIEWS: &[&str] = &["mrr", "nextRenewalDate", "churnedAt", "trialEndDate"];

/// Makes records.
pub struct Faker {
    simulator: Arc<Simulator>,
    /// How many records of each object were made, and the newest of them.
    made: RefCell<BTreeMap<&'static str, (usize, String)>>,
}

impl Faker {
    /// Makes records in this tenant.
    pub fn new(simulator: Arc<Simulator>) -> Faker {
        Faker { simulator, made: RefCell::default() }
    }

    /// Makes a record with these fields; what it needs beside them is made up.
    pub fn make(&self, object: &'static Object, mut given: Fields) -> Result<Value, Message> {
        known(object, &given)?;
        let number = self.made.borrow().get(object.name).map_or(0, |(count, _)| *count) + 1;
        let before = self.simulator.now();
        let created = moment(given.remove("createdAt"));
        let made = if let Some(action) = creating(object) {
            self.fill(object, action, &mut given, number)?;
            let parent = self.parent(object, action, &mut given)?;
            let (accepted, rest) = split(object, action, given);
            let path = action.path.replace("{parent}", &parent);
            if let Some(created) = created {
                self.simulator.set_now(created);
            }
            let made = self.ask("POST", &path, &Value::Object(accepted));
            self.simulator.set_now(before);
            let made = made?;
            self.set(object, made["id"].as_str().unwrap_or_default(), rest, Some(&parent))?.unwrap_or(made)
        } else {
            self.fill_in_app(object, &mut given, number);
            let path = object.lists.first().map(|list| list.path).unwrap_or_default();
            let (status, made) = self.simulator.backdoor("POST", path, &Value::Object(given));
            if !(200..300).contains(&status) {
                return Err(Message::new(
                    format!("{} cannot be faked", with_article(object.name)),
                    "tenant(#{ accounts: 40 }) makes a tenant that has some of everything",
                ));
            }
            made
        };
        let id = made["id"].as_str().unwrap_or_default().to_string();
        self.made.borrow_mut().insert(object.name, (number, id));
        Ok(made)
    }

    /// Changes a record.
    pub fn change(&self, object: &'static Object, id: &str, given: Fields) -> Result<Value, Message> {
        known(object, &given)?;
        let updating = object.actions.iter().find(|action| action.effect == Effect::Update);
        let Some(action) = updating else {
            return Err(Message::new(
                format!("{} cannot be changed", with_article(object.name)),
                "fake another one",
            ));
        };
        let parent = action.parent.map(|parent| self.newest(parent)).transpose()?.unwrap_or_default();
        let (mut accepted, rest) = split(object, action, given);
        for key in action.required {
            if !accepted.contains_key(*key) && !accepted.is_empty() {
                let now = self.read(object, None, id).unwrap_or_default();
                accepted.insert((*key).into(), now[*key].clone());
            }
        }
        let mut changed = None;
        if !accepted.is_empty() {
            changed = Some(self.ask(
                "PUT",
                &action.path.replace("{parent}", &parent).replace("{id}", id),
                &Value::Object(accepted),
            )?);
        }
        let set = self.set(object, id, rest, None)?;
        set.or(changed)
            .or_else(|| self.read(object, None, id))
            .ok_or_else(|| Message::new(format!("there is no such {}", spoken(object.name)), "fake it first"))
    }

    /// Makes that happen which a trigger tells about.
    pub fn happen(
        &self,
        object: &'static Object,
        trigger: &'static Trigger,
        id: &str,
        mut given: Fields,
    ) -> Result<Value, Message> {
        let now = self.simulator.now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
        match trigger.detect {
            Detect::Updated if given.is_empty() => {
                let name = ["name", "subject", "feedback"].iter().find(|name| object.field(name).is_some());
                given.insert((*name.unwrap_or(&"name")).into(), format!("changed at {now}").into());
            }
            Detect::Created | Detect::Updated => {}
            Detect::Filled("deactivatedAt") => {
                self.change(object, id, given)?;
                self.simulator.deactivate_user(id);
                given = Fields::new();
            }
            Detect::Filled("archivedAt") => {
                self.change(object, id, given)?;
                let path = object.lists.first().map(|list| list.path).unwrap_or_default();
                self.ask("DELETE", &format!("{path}/{id}"), &Value::Null)?;
                return Ok(self.read(object, None, id).unwrap_or_else(|| json!({ "id": id })));
            }
            Detect::Filled(field) => {
                given.entry(field).or_insert_with(|| now.into());
            }
            Detect::Emptied(field) => {
                given.insert(field.into(), Value::Null);
            }
            Detect::Changed(field) => {
                if !given.contains_key(field) {
                    let (_, admins) = self.simulator.ask("GET", "/admins", &Value::Null);
                    given.insert(field.into(), admins["results"][0]["id"].clone());
                }
            }
        }
        self.change(object, id, given)
    }

    /// A record as it is now, if it can be read by its id.
    pub fn read(&self, object: &'static Object, parent: Option<&str>, id: &str) -> Option<Value> {
        let reads = |action: &&Action| {
            action.method == Method::Get && action.name.strip_prefix("get_") == Some(object.name)
        };
        let action = object.actions.iter().find(reads)?;
        let (status, record) =
            self.simulator.ask("GET", &Change::of_record(object, id, parent).path(action), &Value::Null);
        (status == 200).then_some(record)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, Message> {
        let (status, answer) = self.simulator.ask(method, path, body);
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let words = answer["message"].as_str().or(answer["error"].as_str()).map(ToString::to_string);
        let words = words.unwrap_or_else(|| answer.to_string());
        Err(Message::new(
            format!("Vitally would not take this record: {words}"),
            "look at the values of fake",
        ))
    }

    /// Sets what Vitally works out by itself, or what people set in the app.
    fn set(
        &self,
        object: &'static Object,
        id: &str,
        rest: Fields,
        parent: Option<&str>,
    ) -> Result<Option<Value>, Message> {
        if rest.is_empty() {
            return Ok(None);
        }
        let list = object.lists.first().map(|list| list.path).unwrap_or_default();
        let path = format!("{}/{id}", list.replace("{parent}", parent.unwrap_or_default()));
        let names: Vec<&str> = rest.keys().map(String::as_str).collect();
        let names = names.join(", ");
        match self.simulator.backdoor("PUT", &path, &Value::Object(rest)) {
            (200, record) => Ok(Some(record)),
            _ => Err(Message::new(
                format!("{} of {} cannot be faked", names, with_article(object.name)),
                "leave it out",
            )),
        }
    }

    /// Adds what the record needs, and what people expect to find in it.
    fn fill(
        &self,
        object: &'static Object,
        action: &'static Action,
        given: &mut Fields,
        number: usize,
    ) -> Result<(), Message> {
        let now = self.simulator.now();
        for key in fields::accepted(object, action) {
            let wanted =
                action.required.contains(&key) || matches!(key, "name" | "subject" | "email" | "externalId");
            if wanted
                && !given.contains_key(key)
                && let Some(value) = variety::value(object, key, number, now)
            {
                given.insert(key.into(), value);
            }
        }
        if object.name == "meeting" {
            for (key, value) in [("title", json!(format!("Meeting {number}"))), ("participants", json!([]))] {
                given.entry(key).or_insert(value);
            }
        }
        if action.required.contains(&"userId") && !given.contains_key("userId") {
            given.insert("userId".into(), self.newest("user")?.into());
        }
        if action.required.contains(&"templateId") && !given.contains_key("templateId") {
            let (_, all) = self.simulator.ask("GET", "/projectTemplates", &Value::Null);
            given.insert("templateId".into(), all["results"][0]["id"].clone());
        }
        for group in action.one_of {
            if group.iter().any(|key| given.contains_key(*key)) {
                continue;
            }
            let account = self.newest("account")?;
            match group.first() {
                Some(key) if key.ends_with("Ids") => given.insert((*key).into(), json!([account])),
                Some(key) => given.insert((*key).into(), account.into()),
                None => None,
            };
        }
        if matches!(object.name, "conversation" | "message") {
            self.fill_talk(object, given, number)?;
        }
        Ok(())
    }

    /// A conversation begins with a message of the newest user to the first of the team.
    fn fill_talk(&self, object: &Object, given: &mut Fields, number: usize) -> Result<(), Message> {
        let (_, admins) = self.simulator.ask("GET", "/admins", &Value::Null);
        let user = json!({ "type": "user", "id": self.newest("user")? });
        let admin = json!({ "type": "admin", "id": admins["results"][0]["id"] });
        if object.name == "message" {
            given.entry("from").or_insert(user);
            given.entry("to").or_insert(json!([admin]));
        } else {
            let message = json!({
                "externalId": format!("first-message-{number}"), "message": "Hello", "from": user, "to": [admin],
            });
            given.entry("messages").or_insert(json!([message]));
        }
        Ok(())
    }

    /// The id of the record that the new one stands in.
    fn parent(&self, object: &Object, action: &Action, given: &mut Fields) -> Result<String, Message> {
        let Some(parent) = action.parent else { return Ok(String::new()) };
        let keys = ["customObjectId", "conversationId"];
        let said =
            keys.iter().find_map(|key| given.remove(*key)).and_then(|id| Some(id.as_str()?.to_string()));
        match said {
            Some(id) => Ok(id),
            None if object.name == "message" || object.name == "custom_object_instance" => {
                self.newest(parent)
            }
            None => Ok(String::new()),
        }
    }

    /// What people would have to give in the app.
    fn fill_in_app(&self, object: &Object, given: &mut Fields, number: usize) {
        for key in ["name", "email"] {
            if object.field(key).is_some()
                && !given.contains_key(key)
                && let Some(value) = variety::value(object, key, number, self.simulator.now())
            {
                given.insert(key.into(), value);
            }
        }
    }

    /// The id of the record of an object that was made last; one is made if there is none.
    fn newest(&self, name: &str) -> Result<String, Message> {
        let known = self.made.borrow().get(name).map(|(_, id)| id.clone());
        if let Some(id) = known {
            return Ok(id);
        }
        let Some(object) = catalogue::object(name) else { return Ok(String::new()) };
        Ok(self.make(object, Fields::new())?["id"].as_str().unwrap_or_default().to_string())
    }
}

/// The action that creates a record of an object.
fn creating(object: &'static Object) -> Option<&'static Action> {
    object.actions.iter().find(|action| action.effect == Effect::Create && action.method == Method::Post)
}

/// Every key must be a field of the object, or one that a create accepts.
fn known(object: &'static Object, given: &Fields) -> Result<(), Message> {
    let extra = ["customObjectId", "conversationId"];
    for key in given.keys() {
        if object.field(key).is_none() && !extra.contains(&key.as_str()) {
            let near = did_you_mean(key, object.fields.iter().map(|field| field.name));
            return Err(Message::new(
                format!("{} has no field \"{key}\"{near}", with_article(object.name)),
                format!(
                    "`vitally-script fields {}` lists them; your own go into traits: #{{ … }}",
                    object.name
                ),
            ));
        }
    }
    Ok(())
}

/// What the API accepts in this action, and what only Vitally itself sets.
fn split(object: &'static Object, action: &'static Action, given: Fields) -> (Fields, Fields) {
    let accepted = fields::accepted(object, action);
    let (mut sent, mut rest) = (Fields::new(), Fields::new());
    let mut traits = Fields::new();
    for (key, value) in given {
        if VIEWS.contains(&key.as_str()) && object.field("traits").is_some() {
            traits.insert(key, value);
        } else if accepted.contains(&key.as_str()) {
            sent.insert(key, value);
        } else {
            rest.insert(key, value);
        }
    }
    if !traits.is_empty() {
        let own = sent.entry("traits").or_insert_with(|| json!({}));
        if let Some(own) = own.as_object_mut() {
            own.extend(traits);
        }
    }
    (sent, rest)
}

/// A day or a time that was given for `createdAt`.
fn moment(value: Option<Value>) -> Option<Timestamp> {
    let value = value?;
    let text = value.as_str()?;
    text.parse().ok().or_else(|| format!("{text}T12:00:00Z").parse().ok())
}
