//! Everything that can be named while typing: from the catalogue, the library and the dialogue. Made once an input.

use super::records::Records;
use crate::catalogue::{self, Effect};
use crate::script::dialogue::{Seen, Variable};
use crate::script::{self, library};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One function as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The function with its values: `get_account(account)`.
    pub signature: String,
    /// What it does, in one line.
    pub doc: String,
    /// Whether it is typed after a value and a dot.
    pub is_method: bool,
}

/// Everything that can be named.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// What the dialogue has declared.
    pub seen: Seen,
    /// The functions it has declared.
    own: BTreeMap<String, Function>,
    /// The profiles of the settings.
    pub profiles: Vec<String>,
    /// What records are called.
    pub records: Records,
}

impl Names {
    /// The names of a dialogue.
    pub fn new(seen: Seen, profiles: Vec<String>) -> Names {
        let own = seen.functions.iter().map(|(name, values)| {
            let signature = format!("{name}({})", values.join(", "));
            let doc = "your function".to_string();
            (name.clone(), Function { name: name.clone(), signature, doc, is_method: false })
        });
        Names { own: own.collect(), seen, profiles, records: Records::default() }
    }

    /// The same, with the names of records.
    #[must_use]
    pub fn with(self, records: Records) -> Names {
        Names { records, ..self }
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.own.get(name).or_else(|| built_in().iter().find(|function| function.name == name))
    }

    /// All functions: those of the dialogue first.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.own.values().chain(built_in())
    }

    /// What the language itself can do with values, by name; nothing more is known of it.
    pub fn of_language(&self) -> impl Iterator<Item = &'static str> {
        let is_known = |name: &&str| self.function(name).is_some();
        script::names::standard().iter().map(String::as_str).filter(move |name| !is_known(name))
    }

    /// The variable of that name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.seen.variables.iter().find(|variable| variable.name == name)
    }

    /// Whether a function changes something in Vitally.
    pub fn writes(&self, name: &str) -> bool {
        catalogue::actions().any(|(_, action)| action.name == name && action.effect != Effect::Read)
    }

    /// Every trait key of the records at hand.
    pub fn traits(&self) -> Vec<String> {
        let mut keys: Vec<String> =
            self.seen.variables.iter().flat_map(|variable| variable.traits.iter().cloned()).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// The functions that are always there, made once.
fn built_in() -> &'static [Function] {
    static FUNCTIONS: OnceLock<Vec<Function>> = OnceLock::new();
    FUNCTIONS.get_or_init(|| {
        let function = |name: &str, signature: String, doc: &str| Function {
            name: name.into(),
            is_method: signature.starts_with('.'),
            signature: signature.trim_start_matches('.').into(),
            doc: doc.into(),
        };
        let actions = catalogue::actions()
            .map(|(object, action)| function(action.name, action.signature(object.name), action.doc));
        let lists = catalogue::lists().map(|(_, list)| function(list.name, list.signature(), list.doc));
        let others = library::entries().map(|entry| function(entry.name, entry.signature.into(), entry.doc));
        let mut all: Vec<Function> = actions.chain(lists).chain(others).collect();
        all.sort_by(|one, two| one.name.cmp(&two.name));
        all.dedup_by(|one, two| one.name == two.name && one.is_method == two.is_method);
        all
    })
}
