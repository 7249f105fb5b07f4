//! A dry run answers what the same run would have been answered for real: random changes and reads, made once
//! through the overlay over a tenant that is only read, and once in a tenant that is written to.

use crate::support::cast::{Cast, Handle, INSTANCE, MESSAGE, handle};
use crate::support::http;
use crate::support::twin::{Step, Twin};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;

const KINDS: [&str; 9] = [
    "organization",
    "account",
    "user",
    "task",
    "note",
    "project",
    "nps_response",
    "conversation",
    "custom_object",
];

struct Play {
    twin: Twin,
    cast: Cast,
    read_first: bool,
}

impl Play {
    fn new(read_first: bool) -> Play {
        let mut twin = Twin::start(5);
        let mut handles: BTreeMap<&'static str, Vec<Handle>> = BTreeMap::new();
        let paths = [
            "organizations",
            "accounts",
            "users",
            "tasks",
            "notes",
            "projects",
            "npsResponses",
            "conversations",
            "customObjects",
        ];
        for (kind, path) in KINDS.iter().zip(paths) {
            let found = http::results(
                &twin.live,
                &format!("/{path}?limit={}&sortBy=createdAt", if *kind == "conversation" { 100 } else { 4 }),
            );
            handles.insert(kind, found.iter().map(|record| handle(record, None)).collect());
        }
        let object = handles["custom_object"][0].id.clone();
        let found = http::results(&twin.live, &format!("/customObjects/{object}/instances?limit=3"));
        handles.insert(INSTANCE, found.iter().map(|record| handle(record, Some(&object))).collect());
        let thread = handles["conversation"][0].id.clone();
        let found = http::get(&twin.live, &format!("/conversations/{thread}")).json();
        let found = found["messages"].as_array().expect("messages").clone();
        handles.insert(MESSAGE, found.iter().map(|record| handle(record, Some(&thread))).collect());
        // A script has read what it names.
        for (kind, path) in [("organization", "/organizations"), ("account", "/accounts"), ("user", "/users")]
        {
            for one in http::results(&twin.live, path) {
                let _ = twin.dry_read(kind, one["id"].as_str().expect("an id"), None);
            }
        }
        for list in ["admins", "project_templates", "custom_objects"] {
            twin.compare_list(list, None, &[]);
        }
        let admin = http::results(&twin.live, "/admins")[0]["id"].as_str().expect("an id").to_string();
        let template =
            http::results(&twin.live, "/projectTemplates")[0]["id"].as_str().expect("an id").to_string();
        Play { twin, cast: Cast { handles, admin, template }, read_first }
    }

    fn play(&mut self, (kind, verb, a, b): (u8, u8, u8, u8)) {
        let all: Vec<&'static str> = KINDS.iter().copied().chain([INSTANCE, MESSAGE]).collect();
        let kind = all[usize::from(kind) % all.len()];
        match verb % 4 {
            0 => self.create(kind, a, b),
            1 | 2 if kind != MESSAGE => self.update(kind, a, b),
            // What goes with a deleted account is known only of records that were read.
            3 if a.is_multiple_of(2) && (self.read_first || !matches!(kind, "account" | "organization")) => {
                self.delete(kind, b);
            }
            _ => self.look(kind, a),
        }
    }

    fn create(&mut self, kind: &'static str, a: u8, b: u8) {
        let parent = match kind {
            INSTANCE => Some(self.cast.pick("custom_object", a).id.clone()),
            MESSAGE => Some(self.cast.pick("conversation", a).id.clone()),
            _ => None,
        };
        if let (MESSAGE, Some(conversation)) = (kind, &parent) {
            self.read_conversation(conversation);
        }
        let mut body = self.cast.body(kind, a, b, true);
        let external = match a % 8 {
            0..=2 => format!("x-{}", b % 3),
            3 => self
                .cast
                .pick(kind, b)
                .external
                .clone()
                .filter(|key| !key.is_empty())
                .unwrap_or_else(|| "x-9".into()),
            _ => format!("y-{a}-{b}"),
        };
        if !matches!(kind, "project" | "custom_object") {
            body["externalId"] = external.into();
        }
        let action = match kind {
            "project" => "create_project_from_template",
            kind => leaked("create", kind),
        };
        let step = Step {
            action,
            id: None,
            external: None,
            parent: parent.clone(),
            body: Some(body),
            read_first: true,
        };
        if let Some(made) = self.twin.change(&step) {
            let made = handle(&made, parent.as_deref());
            let all = self.cast.handles.entry(kind).or_default();
            if !all.iter().any(|one| one.id == made.id) {
                all.push(made);
            }
        }
    }

    /// Who writes into a conversation has read it: that it went with an account shows only then.
    fn read_conversation(&mut self, id: &str) {
        self.twin.compare_one("conversation", id);
    }

    fn update(&mut self, kind: &'static str, a: u8, b: u8) {
        let one = self.cast.pick(kind, b).clone();
        if kind == "conversation" {
            self.read_conversation(&one.id);
        }
        let body = self.cast.body(kind, b, a, false);
        let by_external =
            a.is_multiple_of(5) && matches!(kind, "account" | "organization" | "user" | "conversation");
        let external = one.external.clone().filter(|_| by_external);
        let id = if external.is_some() { None } else { Some(one.id) };
        let step = Step {
            action: leaked("update", kind),
            id,
            external,
            parent: one.parent,
            body: Some(body),
            read_first: self.read_first,
        };
        self.twin.change(&step);
    }

    fn delete(&mut self, kind: &'static str, b: u8) {
        let one = self.cast.pick(kind, b).clone();
        if let (MESSAGE, Some(conversation)) = (kind, &one.parent) {
            self.read_conversation(conversation);
        }
        let parent = one.parent.filter(|_| kind == INSTANCE);
        let step = Step {
            action: leaked("delete", kind),
            id: Some(one.id),
            external: None,
            parent,
            body: None,
            read_first: true,
        };
        self.twin.change(&step);
    }

    /// One read, so that what reads teach the overlay is part of the run.
    fn look(&mut self, kind: &'static str, a: u8) {
        let one = self.cast.pick(kind, a).clone();
        if kind != INSTANCE && kind != MESSAGE {
            self.twin.compare_one(kind, &one.id);
        }
    }

    /// Every record, list and search.
    fn compare_everything(&mut self, lists: bool) {
        for kind in KINDS {
            for one in self.cast.handles[kind].clone() {
                self.twin.compare_one(kind, &one.id);
            }
        }
        if !lists {
            return;
        }
        for archived in ["true", "false"] {
            for list in ["tasks", "notes", "projects"] {
                self.twin.compare_list(list, None, &[("archived", archived)]);
            }
            for object in self.cast.handles["custom_object"].clone() {
                let query = [("archived", archived)];
                self.twin.compare_list(
                    "custom_object_instances",
                    Some(("custom_object", &object.id)),
                    &query,
                );
            }
        }
        for status in ["active", "churned", "activeOrChurned"] {
            self.twin.compare_list("accounts", None, &[("status", status)]);
        }
        for list in ["organizations", "users", "nps_responses", "conversations", "custom_objects"] {
            self.twin.compare_list(list, None, &[]);
        }
        self.twin.compare_list("nps_responses", None, &[("target", "organization")]);
        for kind in ["account", "organization"] {
            for one in self.cast.handles[kind].clone() {
                let key =
                    one.external.clone().filter(|_| one.id.as_bytes()[0] % 2 == 0).unwrap_or(one.id.clone());
                for list in ["tasks", "notes", "projects", "users", "nps_responses"] {
                    self.twin.compare_list(list, Some((kind, &key)), &[("archived", "false")]);
                }
            }
        }
        for one in self.cast.handles["organization"].clone() {
            self.twin.compare_list("accounts", Some(("organization", &one.id)), &[]);
        }
        for turn in 0..3 {
            self.twin.compare_search(
                "user",
                "/users/search",
                ("email", &format!("u{turn}@northwind.example")),
            );
            self.twin.compare_search("user", "/users/search", ("externalId", &format!("x-{turn}")));
        }
        self.twin.compare_search("user", "/users/search", ("emailSubdomain", "northwind.example"));
        for object in self.cast.handles["custom_object"].clone() {
            let path = format!("/customObjects/{}/instances/search", object.id);
            for one in self.cast.handles["account"].clone() {
                self.twin.compare_search(INSTANCE, &path, ("customerId", &one.id));
            }
            for one in self.cast.handles[INSTANCE].clone() {
                self.twin.compare_search(INSTANCE, &path, ("id", &one.id));
            }
            self.twin.compare_search(INSTANCE, &path, ("externalId", "x-1"));
            self.twin.compare_search(INSTANCE, &path, ("customFieldValue", "P7"));
        }
    }
}

fn leaked(verb: &str, kind: &str) -> &'static str {
    let name = format!("{verb}_{kind}");
    vitally_script::catalogue::actions().find(|(_, action)| action.name == name).expect("an action").1.name
}

fn compare(read_first: bool, cases: u32) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 120, ..Config::default() };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(config, random);
    let steps = prop::collection::vec(any::<(u8, u8, u8, u8)>(), 1..30);
    let outcome = runner.run(&steps, |steps| {
        let mut play = Play::new(read_first);
        for step in steps {
            play.play(step);
        }
        play.compare_everything(read_first);
        assert_eq!(play.twin.dry.writes(), 0, "a dry run writes nothing");
        Ok(())
    });
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
}

#[test]
fn answers_what_the_real_run_would() {
    compare(true, 24);
}

#[test]
fn answers_single_reads_even_of_what_it_never_read() {
    compare(false, 12);
}
