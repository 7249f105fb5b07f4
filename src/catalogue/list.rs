//! One list endpoint as a lazy script function.

/// The shape a list answers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// `{ results, next, atEnd }`, walked with `from`.
    Results,
    /// `{ data, next }`, walked with `from`.
    Data,
    /// A bare array, in one answer.
    Bare,
}

/// A query parameter of a list.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// The key in the script's map and on the wire.
    pub name: &'static str,
    /// The words it accepts; empty means any text.
    pub values: &'static [&'static str],
    /// What we send when the script says nothing; `None` sends nothing.
    pub default: Option<&'static str>,
    /// One line for people.
    pub doc: &'static str,
}

/// One list endpoint.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// The function's name, a plural noun.
    pub name: &'static str,
    /// The path under `/resources`; `{parent}` is the positional parent, if any.
    pub path: &'static str,
    /// The object or word that must be given first (`custom_object_instances(object)`).
    pub parent: Option<&'static str>,
    /// Sub-lists: the key that chooses one (`account: a`) and its path.
    pub within: &'static [(&'static str, &'static str)],
    /// Its query parameters, beyond `limit`, `from` and `sortBy`.
    pub filters: &'static [Filter],
    /// Whether `sortBy` is known.
    pub sortable: bool,
    /// The shape of the answer.
    pub envelope: Envelope,
    /// One line for people.
    pub doc: &'static str,
    /// A script that runs against the demo tenant.
    pub example: &'static str,
}

/// Which accounts a list shows. The API's own default hides churned ones, and so does ours.
pub const STATUS: Filter = Filter {
    name: "status",
    values: &["active", "churned", "activeOrChurned"],
    default: None,
    doc: "active (the default), churned or activeOrChurned",
};

/// Archived or active records. Always sent, because the API does not say what leaving it out means.
pub const ARCHIVED: Filter = Filter {
    name: "archived",
    values: &["true", "false"],
    default: Some("false"),
    doc: "true for archived records only, false (the default) for active ones",
};

/// The integration that made the record.
pub const SOURCE: Filter =
    Filter { name: "source", values: &[], default: None, doc: "the integration the record came from" };

/// A plain paged list.
pub const fn list(name: &'static str, path: &'static str) -> List {
    List {
        name,
        path,
        parent: None,
        within: &[],
        filters: &[],
        sortable: true,
        envelope: Envelope::Results,
        doc: "",
        example: "",
    }
}

impl List {
    /// The record that comes first.
    #[must_use]
    pub const fn under(mut self, parent: &'static str) -> List {
        self.parent = Some(parent);
        self
    }

    /// The sub-lists below a parent record.
    #[must_use]
    pub const fn within(mut self, within: &'static [(&'static str, &'static str)]) -> List {
        self.within = within;
        self
    }

    /// The query parameters.
    #[must_use]
    pub const fn filters(mut self, filters: &'static [Filter]) -> List {
        self.filters = filters;
        self
    }

    /// The list does not know `sortBy`.
    #[must_use]
    pub const fn unsorted(mut self) -> List {
        self.sortable = false;
        self
    }

    /// The shape of the answer, where it is not the usual.
    #[must_use]
    pub const fn envelope(mut self, envelope: Envelope) -> List {
        self.envelope = envelope;
        self
    }

    /// The line for people and the runnable example.
    #[must_use]
    pub const fn explained(mut self, doc: &'static str, example: &'static str) -> List {
        self.doc = doc;
        self.example = example;
        self
    }

    /// Every key the map of this list accepts.
    pub fn keys(&self) -> Vec<&'static str> {
        let mut keys: Vec<&'static str> = self.within.iter().map(|(key, _)| *key).collect();
        keys.extend(self.filters.iter().map(|filter| filter.name));
        if self.sortable {
            keys.push("sortBy");
        }
        keys
    }

    /// The function as a person types it.
    pub fn signature(&self) -> String {
        match (self.parent, self.keys().is_empty()) {
            (Some(parent), true) => format!("{}({parent})", self.name),
            (Some(parent), false) => format!("{}({parent}, [#{{ … }}])", self.name),
            (None, true) => format!("{}()", self.name),
            (None, false) => format!("{}([#{{ … }}])", self.name),
        }
    }
}
