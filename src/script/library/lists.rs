//! What `docs` says about the verbs of lists; they are registered in `verbs`.

use super::{Entry, entry};

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "where",
        ".where(field, sign, value)",
        "Only those for which it is true; also .where(|item| …). filter is the same",
        "print(accounts().where(\"mrr\", \">\", 2000).len());",
    ),
    entry(
        "filter",
        ".filter(|item| …)",
        "Only those for which the function gives true",
        "print(accounts().filter(|a| a.usersCount > 5).len());",
    ),
    entry(
        "map",
        ".map(|item| …)",
        "What the function, or the field of that name, gives for each; pluck is the same",
        "print(accounts().map(\"name\").take(3));",
    ),
    entry("take", ".take(count)", "The first few; no further page is read", "print(accounts().take(3));"),
    entry("skip", ".skip(count)", "All but the first few", "print(accounts().skip(30).len());"),
    entry("first", ".first()", "The first one; () if there is none", "print(accounts().first().name);"),
    entry("last", ".last()", "The last one; () if there is none", "print(accounts().last().name);"),
    entry(
        "find",
        ".find(|item| …)",
        "The first for which it is true; () if there is none",
        "print(admins().find(|a| a.email.starts_with(\"dana\")).name);",
    ),
    entry(
        "any",
        ".any(|item| …)",
        "Whether it is true for at least one; also .all and .none",
        "print(accounts().any(|a| a.usersCount == 0));",
    ),
    entry(
        "all",
        ".all(|item| …)",
        "Whether it is true for each",
        "print(accounts().all(|a| a.name != \"\"));",
    ),
    entry(
        "none",
        ".none(|item| …)",
        "Whether it is true for not one",
        "print(accounts().none(|a| a.name == \"\"));",
    ),
    entry("len", ".len()", "How many there are; reads every page", "print(accounts().len());"),
    entry(
        "count",
        ".count(|item| …)",
        "How many there are for which it is true",
        "print(accounts().count(|a| a.mrr > 2000));",
    ),
    entry("is_empty", ".is_empty()", "Whether there is not one", "print(tasks().is_empty());"),
    entry(
        "sort_by",
        ".sort_by(field, [\"desc\"])",
        "In the order of a field or of what a function gives",
        "print(accounts().sort_by(\"mrr\", \"desc\").take(3));",
    ),
    entry(
        "group_by",
        ".group_by(field)",
        "A map from each value of the field to the items that have it",
        "print(accounts().group_by(\"csmId\").len());",
    ),
    entry(
        "count_by",
        ".count_by(field)",
        "A map from each value of the field to how many have it",
        "print(accounts().count_by(\"traits.vitally.custom.plan\"));",
    ),
    entry(
        "index_by",
        ".index_by(field)",
        "A map from each value of the field to the item that has it",
        "print(accounts().index_by(\"externalId\").len());",
    ),
    entry(
        "unique",
        ".unique([field])",
        "Each value once",
        "print(accounts().map(\"csmId\").unique().len());",
    ),
    entry("sum", ".sum([field])", "The sum; also .avg, .min and .max", "print(accounts().sum(\"mrr\"));"),
    entry("avg", ".avg([field])", "The average", "print(round(accounts().avg(\"mrr\"), 2));"),
    entry("min", ".min([field])", "The smallest value", "print(accounts().min(\"mrr\"));"),
    entry("max", ".max([field])", "The largest value", "print(accounts().max(\"mrr\"));"),
    entry(
        "max_by",
        ".max_by(field)",
        "The item with the largest value; also .min_by",
        "print(accounts().max_by(\"mrr\").name);",
    ),
    entry(
        "min_by",
        ".min_by(field)",
        "The item with the smallest value",
        "print(accounts().min_by(\"mrr\").name);",
    ),
    entry(
        "join",
        ".join([\", \"])",
        "The values as one text",
        "print(accounts().take(3).map(\"name\").join(\", \"));",
    ),
    entry(
        "to_array",
        ".to_array()",
        "Reads the whole list now, to use it more than once",
        "let all = accounts().to_array(); print(all.len());",
    ),
];
