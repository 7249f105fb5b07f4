//! The catalogue is tested as a table: names, paths, keys, documentation, and every example in the demo tenant.

use crate::support::{demo_eval, spread};
use std::collections::BTreeSet;
use vitally_script::catalogue::{self, Detect, Effect, Kind, Method, Thing, Undo};

/// The 45 actions of the connector, in the order of the action map of the API reference.
const SEED_ACTIONS: &[&str] = &[
    "create_organization",
    "update_organization",
    "get_organization",
    "delete_organization",
    "create_account",
    "update_account",
    "get_account",
    "get_account_health_score_breakdown",
    "delete_account",
    "create_user",
    "update_user",
    "get_user",
    "search_users",
    "delete_user",
    "search_admins",
    "create_project_from_template",
    "update_project",
    "get_project",
    "create_nps_response",
    "update_nps_response",
    "get_nps_response",
    "delete_nps_response",
    "create_task",
    "update_task",
    "get_task",
    "delete_task",
    "create_note",
    "update_note",
    "get_note",
    "delete_note",
    "create_message",
    "get_message",
    "delete_message",
    "create_conversation",
    "update_conversation",
    "get_conversation",
    "delete_conversation",
    "create_custom_object",
    "update_custom_object",
    "get_custom_object",
    "delete_custom_object",
    "create_custom_object_instance",
    "update_custom_object_instance",
    "search_custom_object_instances",
    "delete_custom_object_instance",
];

/// The 18 triggers of the connector, and the seven that this program adds.
const TRIGGERS: &[&str] = &[
    "organization_created",
    "organization_updated",
    "account_created",
    "account_updated",
    "user_created",
    "user_updated",
    "user_deactivated",
    "note_created",
    "note_updated",
    "note_archived",
    "project_created",
    "project_updated",
    "nps_response_created",
    "nps_response_updated",
    "task_created",
    "task_updated",
    "task_completed",
    "task_archived",
    "task_assigned",
    "task_reopened",
    "project_archived",
    "account_churned",
    "account_reactivated",
    "custom_object_instance_created",
    "custom_object_instance_updated",
];

/// Words that Rhai keeps for itself, which cannot name a function.
const RESERVED: &[&str] = &[
    "var",
    "static",
    "shared",
    "new",
    "is",
    "match",
    "case",
    "default",
    "public",
    "protected",
    "private",
    "null",
    "nil",
    "goto",
    "spawn",
    "go",
    "async",
    "await",
    "yield",
    "use",
    "with",
    "module",
    "package",
    "super",
    "thread",
    "sync",
    "void",
    "in",
    "until",
    "do",
    "call",
    "curry",
    "type_of",
    "is_shared",
    "eval",
    "Fn",
    "this",
    "let",
    "const",
    "if",
    "else",
    "switch",
    "while",
    "loop",
    "for",
    "fn",
    "return",
    "throw",
    "try",
    "catch",
    "import",
    "export",
    "as",
    "global",
    "break",
    "continue",
    "true",
    "false",
];

#[test]
fn all_45_actions_of_the_connector_are_there() {
    let names: BTreeSet<&str> = catalogue::actions().map(|(_, action)| action.name).collect();
    assert_eq!(SEED_ACTIONS.len(), 45);
    let missing: Vec<_> = SEED_ACTIONS.iter().filter(|name| !names.contains(**name)).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
}

#[test]
fn all_triggers_are_there_and_no_others() {
    let names: BTreeSet<&str> = catalogue::triggers().map(|(_, trigger)| trigger.name).collect();
    assert_eq!(names, TRIGGERS.iter().copied().collect());
    assert_eq!(TRIGGERS.len(), 25);
}

#[test]
fn names_are_unique_legal_and_in_snake_case() {
    let mut seen = BTreeSet::new();
    let actions = catalogue::actions().map(|(_, action)| action.name);
    let lists = catalogue::lists().map(|(_, list)| list.name);
    for name in actions.chain(lists) {
        assert!(seen.insert(name), "{name} stands twice");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        assert!(!RESERVED.contains(&name), "{name} is a word of the language");
    }
    for object in catalogue::OBJECTS {
        let mut keys = BTreeSet::new();
        for field in object.fields {
            assert!(keys.insert(field.name), "{}.{} stands twice", object.name, field.name);
            assert!(field.name.chars().all(|c| c.is_ascii_alphanumeric()), "{}.{}", object.name, field.name);
        }
    }
}

#[test]
fn everything_is_documented_in_one_line() {
    let line = |what: &str, doc: &str| {
        assert!(doc.len() >= 3 && !doc.ends_with('.') && !doc.contains('\n'), "{what}: {doc:?}");
        assert!(doc.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()), "{what}: {doc:?}");
    };
    for object in catalogue::OBJECTS {
        line(object.name, object.doc);
        for field in object.fields {
            let doc = field.doc;
            assert!(!doc.is_empty() && !doc.ends_with('.'), "{}.{}: {doc:?}", object.name, field.name);
        }
        for list in object.lists {
            line(list.name, list.doc);
        }
        for action in object.actions {
            line(action.name, action.doc);
        }
        for trigger in object.triggers {
            line(trigger.name, trigger.doc);
        }
    }
}

#[test]
fn actions_agree_with_themselves() {
    for (object, action) in catalogue::actions() {
        let name = action.name;
        let (verb, method) = match action.effect {
            Effect::Read => ("get_ or search_", Method::Get),
            Effect::Create => ("create_", Method::Post),
            Effect::Update => ("update_", Method::Put),
            Effect::Delete => ("delete_", Method::Delete),
        };
        assert_eq!(action.method, method, "{name}");
        assert!(verb.split(" or ").any(|verb| name.starts_with(verb)), "{name} does not start with {verb}");
        assert_eq!(action.path.contains("{id}"), action.thing != Thing::None, "{name}: {}", action.path);
        assert_eq!(action.path.contains("{parent}"), action.parent.is_some(), "{name}: {}", action.path);
        assert_eq!(action.undo == Undo::Nothing, action.effect == Effect::Read, "{name}");
        assert!(action.example.contains(name), "{name}: its example does not use it");
        for key in action.required.iter().chain(action.one_of.iter().copied().flatten()) {
            let field = object.field(key).unwrap_or_else(|| panic!("{name} needs an unknown field {key}"));
            assert!(field.access.create || field.access.update, "{name} needs {key}, which cannot be sent");
        }
        if let Some(parent) = action.parent {
            assert!(catalogue::object(parent).is_some(), "{name}: no object {parent}");
        }
    }
}

#[test]
fn fields_name_objects_and_triggers_name_fields_that_exist() {
    let shapes = ["segment", "key_role", "option", "participant", "question_response"];
    for object in catalogue::OBJECTS {
        assert!(object.field("id").is_some(), "{} has no id", object.name);
        for field in object.fields {
            if let Kind::One(name) | Kind::Many(name) = field.kind {
                let known = catalogue::object(name).is_some() || shapes.contains(&name);
                assert!(known, "{}.{} holds an unknown {name}", object.name, field.name);
            }
        }
        for trigger in object.triggers {
            if let Detect::Filled(key) | Detect::Emptied(key) | Detect::Changed(key) = trigger.detect {
                assert!(object.field(key).is_some(), "{} looks at an unknown {key}", trigger.name);
            }
            assert!(
                trigger.name.starts_with(object.name),
                "{} is a trigger of {}",
                trigger.name,
                object.name
            );
        }
    }
}

#[test]
fn every_example_runs_in_the_demo_tenant() {
    let actions = catalogue::actions().map(|(_, action)| (action.name, action.example));
    let lists = catalogue::lists().map(|(_, list)| (list.name, list.example));
    let failed = spread(actions.chain(lists).collect(), |(name, example)| {
        demo_eval(example).err().map(|error| format!("{name}: {example}\n{error}"))
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_library_example_runs_in_the_demo_tenant() {
    let entries =
        vitally_script::script::library::entries().map(|entry| (entry.name, entry.example)).collect();
    let failed = spread(entries, |(name, example)| {
        assert!(!example.is_empty(), "{name} has no example");
        demo_eval(example).err().map(|error| format!("{name}: {example}\n{error}"))
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn the_reference_is_current() {
    let made = vitally_script::reference::markdown();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write("docs/reference.md", &made).unwrap();
    }
    let kept = std::fs::read_to_string("docs/reference.md").unwrap_or_default();
    assert!(kept == made, "docs/reference.md is not current: UPDATE_GOLDEN=1 cargo test reference");
}
