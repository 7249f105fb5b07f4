//! One API operation as a script function.

/// The HTTP verbs Vitally uses. `PUT` is a partial update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or updates the record with the same externalId.
    Post,
    /// Changes the fields that are sent.
    Put,
    /// Deletes or archives.
    Delete,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// What an action does to Vitally's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Makes a record.
    Create,
    /// Changes a record.
    Update,
    /// Deletes or archives a record.
    Delete,
}

impl Effect {
    /// The word shown in `docs` and in the effect summary.
    pub fn word(self) -> &'static str {
        match self {
            Effect::Read => "reads",
            Effect::Create => "creates",
            Effect::Update => "updates",
            Effect::Delete => "deletes",
        }
    }
}

/// How an action names the record it is about; fills `{id}` of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// There is none (creates, searches).
    None,
    /// A Vitally id or an externalId.
    Key,
    /// A Vitally id; an externalId works where the record's `source` is empty, or with `source`.
    KeyOrSource,
    /// A Vitally id only.
    Id,
}

/// What `undo` can do about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// It changed nothing.
    Nothing,
    /// The old values are put back.
    Restore,
    /// The new record is deleted, after asking.
    Remove,
    /// It cannot be undone.
    Never,
}

/// What an action answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One record of the action's object.
    Record,
    /// An array of records; found in `results`, bare, or as one bare object.
    Records,
    /// `true`.
    True,
    /// JSON of no documented shape.
    Json,
}

/// One API operation as a script function.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// The function's name: verb first, in `snake_case`.
    pub name: &'static str,
    /// The HTTP verb.
    pub method: Method,
    /// The path under `/resources`; `{id}` is the thing, `{parent}` the record it belongs to.
    pub path: &'static str,
    /// What it does.
    pub effect: Effect,
    /// How the record is named.
    pub thing: Thing,
    /// The object that comes first (`create_message(conversation, …)`), if any.
    pub parent: Option<&'static str>,
    /// Keys that must be present in the map.
    pub required: &'static [&'static str],
    /// Groups of keys of which at least one must be present.
    pub one_of: &'static [&'static [&'static str]],
    /// Keys of the map that travel in the query string; with `exactly_one`, a search criterion.
    pub query: &'static [&'static str],
    /// Exactly one of `query` must be given.
    pub exactly_one: bool,
    /// What comes back.
    pub answer: Answer,
    /// What `undo` can do.
    pub undo: Undo,
    /// One line for people.
    pub doc: &'static str,
    /// A script that runs against the demo tenant.
    pub example: &'static str,
}

const fn action(name: &'static str, method: Method, path: &'static str) -> Action {
    Action {
        name,
        method,
        path,
        effect: Effect::Read,
        thing: Thing::None,
        parent: None,
        required: &[],
        one_of: &[],
        query: &[],
        exactly_one: false,
        answer: Answer::Record,
        undo: Undo::Nothing,
        doc: "",
        example: "",
    }
}

/// A read of one record.
pub const fn get(name: &'static str, path: &'static str, thing: Thing) -> Action {
    Action { thing, ..action(name, Method::Get, path) }
}

/// A create.
pub const fn create(name: &'static str, path: &'static str) -> Action {
    Action { effect: Effect::Create, undo: Undo::Remove, ..action(name, Method::Post, path) }
}

/// A partial update.
pub const fn update(name: &'static str, path: &'static str, thing: Thing) -> Action {
    Action { effect: Effect::Update, undo: Undo::Restore, thing, ..action(name, Method::Put, path) }
}

/// A delete, which answers `true`.
pub const fn delete(name: &'static str, path: &'static str, thing: Thing) -> Action {
    let base = action(name, Method::Delete, path);
    Action { effect: Effect::Delete, undo: Undo::Never, answer: Answer::True, thing, ..base }
}

/// A search by one criterion.
pub const fn search(name: &'static str, path: &'static str, query: &'static [&'static str]) -> Action {
    Action { query, exactly_one: true, answer: Answer::Records, ..action(name, Method::Get, path) }
}

impl Action {
    /// The parent object that comes first.
    #[must_use]
    pub const fn under(mut self, parent: &'static str) -> Action {
        self.parent = Some(parent);
        self
    }

    /// Keys that must be present.
    #[must_use]
    pub const fn needs(mut self, required: &'static [&'static str]) -> Action {
        self.required = required;
        self
    }

    /// Groups of keys of which at least one must be present.
    #[must_use]
    pub const fn needs_one_of(mut self, groups: &'static [&'static [&'static str]]) -> Action {
        self.one_of = groups;
        self
    }

    /// Keys that travel in the query string.
    #[must_use]
    pub const fn with_query(mut self, query: &'static [&'static str]) -> Action {
        self.query = query;
        self
    }

    /// What comes back, where it is not one record.
    #[must_use]
    pub const fn answers(mut self, answer: Answer) -> Action {
        self.answer = answer;
        self
    }

    /// What `undo` can do, where it is not the usual.
    #[must_use]
    pub const fn undo(mut self, undo: Undo) -> Action {
        self.undo = undo;
        self
    }

    /// The line for people and the runnable example.
    #[must_use]
    pub const fn explained(mut self, doc: &'static str, example: &'static str) -> Action {
        self.doc = doc;
        self.example = example;
        self
    }

    /// Whether the function takes a map of fields or criteria.
    pub fn takes_map(&self) -> bool {
        matches!(self.method, Method::Post | Method::Put) || !self.query.is_empty()
    }

    /// Whether the map may be left out.
    pub fn map_is_optional(&self) -> bool {
        matches!(self.method, Method::Get | Method::Delete) && !self.exactly_one
    }

    /// The function as a person types it, such as `update_account(account, #{ … })`.
    pub fn signature(&self, object: &str) -> String {
        let mut inputs = Vec::new();
        if let Some(parent) = self.parent {
            inputs.push(parent.to_string());
        }
        if self.thing != Thing::None {
            let word =
                if self.parent.is_some() { object.rsplit('_').next().unwrap_or(object) } else { object };
            inputs.push(word.to_string());
        }
        if self.takes_map() {
            inputs.push(if self.map_is_optional() { "[#{ … }]".into() } else { "#{ … }".into() });
        }
        format!("{}({})", self.name, inputs.join(", "))
    }
}
