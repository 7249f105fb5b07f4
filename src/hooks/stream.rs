//! The lists that have to be walked to see everything that happens to records of a kind.

use crate::catalogue::{Filter, List, Object, Trigger};

/// One list that is walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// What tells it from the other lists of its object: `active`, `archived`, `target=organization`, …
    pub variant: String,
    /// The path under `/resources`.
    pub path: String,
    /// The filters it is asked with.
    pub query: Vec<(String, String)>,
    /// Whether it holds archived records only.
    pub archived: bool,
}

/// The objects that have triggers, each with its list.
pub fn watched() -> impl Iterator<Item = (&'static Object, &'static List)> {
    crate::catalogue::OBJECTS
        .iter()
        .copied()
        .filter(|object| !object.triggers.is_empty())
        .filter_map(|object| object.lists.first().map(|list| (object, list)))
}

/// The trigger of this name, with its object and list.
pub fn of_trigger(name: &str) -> Option<(&'static Object, &'static List, &'static Trigger)> {
    watched().find_map(|(object, list)| {
        object.triggers.iter().find(|trigger| trigger.name == name).map(|trigger| (object, list, trigger))
    })
}

/// Every variant of a list: with churned accounts, active and archived records, answers of both kinds of users. With
/// a parent, the list below it.
pub fn variants(list: &List, parent: Option<&str>) -> Vec<Stream> {
    let path = list.path.replace("{parent}", parent.unwrap_or_default());
    let mut streams = vec![Stream { variant: String::new(), path, query: Vec::new(), archived: false }];
    for filter in list.filters {
        streams = match values(filter) {
            [] => streams,
            values => streams
                .iter()
                .flat_map(|stream| values.iter().map(|value| stream.with(filter, value)))
                .collect(),
        };
    }
    for stream in &mut streams {
        let parent = parent.map(|parent| format!("{parent} ")).unwrap_or_default();
        let word = if stream.variant.is_empty() { "all" } else { stream.variant.as_str() };
        stream.variant = format!("{parent}{word}");
    }
    streams
}

/// The values of a filter that together show every record; none if the filter only ever narrows.
fn values(filter: &Filter) -> &'static [&'static str] {
    match filter.name {
        "status" => &["activeOrChurned"],
        "archived" => &["false", "true"],
        "target" => &["accounts", "organization"],
        _ => &[],
    }
}

impl Stream {
    fn with(&self, filter: &Filter, value: &str) -> Stream {
        let word = match (filter.name, value) {
            ("archived", "true") => "archived",
            ("archived", _) => "active",
            _ => value,
        };
        let mut query = self.query.clone();
        query.push((filter.name.to_string(), value.to_string()));
        Stream {
            variant: word.to_string(),
            path: self.path.clone(),
            query,
            archived: self.archived || word == "archived",
        }
    }
}
