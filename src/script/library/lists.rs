//! What `docs` says about the verbs of lists and arrays; they are registered in `verbs`.

use super::{Entry, entry};

/// What `docs` shows. A test is a function, a map of fields and values, or a field, a comparison and a value; what to
/// look at is a field's name or a function.
pub const ENTRIES: &[Entry] = &[
    entry(
        "where",
        ".where(test)",
        "The items that pass: where(|a| a.mrr > 100), where(#{ mrr: 100 }), where(\"mrr\", 100) or \
         where(\"mrr\", \">\", 100); comparisons are == != < <= > >= in contains",
        "print(accounts().where(\"mrr\", \">\", 1000).len());",
    ),
    entry(
        "filter",
        ".filter(test)",
        "The same as where",
        "print(accounts().filter(|account| account.mrr == 0).len());",
    ),
    entry(
        "map",
        ".map(what)",
        "What a function gives for each item, or one field of each",
        "print(accounts().take(3).map(|account| account.name).to_array());",
    ),
    entry(
        "pluck",
        ".pluck(field)",
        "One field of each item",
        "print(accounts().take(3).pluck(\"name\").to_array());",
    ),
    entry(
        "take",
        ".take(count)",
        "The first items; of a list from Vitally no more pages are read than needed",
        "print(accounts().take(3));",
    ),
    entry("skip", ".skip(count)", "All but the first items", "print(accounts().skip(38).len());"),
    entry(
        "first",
        ".first([count])",
        "The first item, or () if there is none; with a count the first items",
        "print(accounts().first().name);",
    ),
    entry(
        "last",
        ".last([count])",
        "The last item, or () if there is none; with a count the last items",
        "print(accounts().last().name);",
    ),
    entry(
        "find",
        ".find(test)",
        "The first item that passes, or ()",
        "print(accounts().find(\"externalId\", \"acct-1\").name);",
    ),
    entry(
        "any",
        ".any(test)",
        "Whether an item passes",
        "print(accounts().any(|account| account.csmId == ()));",
    ),
    entry("some", ".some(test)", "The same as any", "print(accounts().some(\"mrr\", 0));"),
    entry("all", ".all(test)", "Whether every item passes", "print(accounts().all(\"mrr\", \">\", 0));"),
    entry(
        "none",
        ".none(test)",
        "Whether no item passes",
        "print(accounts().none(|account| account.name == \"\"));",
    ),
    entry(
        "count",
        ".count([test])",
        "How many items there are, or how many pass",
        "print(accounts().count(\"mrr\", 0));",
    ),
    entry(
        "len",
        ".len()",
        "How many items there are; a list from Vitally is read whole for it",
        "print(accounts().len());",
    ),
    entry("is_empty", ".is_empty()", "Whether there is no item", "print(tasks().is_empty());"),
    entry(
        "to_array",
        ".to_array()",
        "All items, read now and kept",
        "let all = accounts().to_array(); print(all[0].name);",
    ),
    entry(
        "for_each",
        ".for_each(function)",
        "Calls a function with each item",
        "accounts().take(3).for_each(|account| print(account.name));",
    ),
    entry(
        "reduce",
        ".reduce(function, [start])",
        "Folds all items into one value: the function gets the value so far and an item",
        "print(accounts().reduce(|sofar, account| sofar + account.mrr, 0));",
    ),
    entry(
        "contains",
        ".contains(value)",
        "Whether a value is among the items; `value in list` is the same",
        "print([\"gold\", \"silver\"].contains(\"gold\"));",
    ),
    entry(
        "lookup",
        ".lookup(field, value, answer)",
        "The field answer of the first row whose field has that value, as VLOOKUP in a spreadsheet; () if there is none",
        "print([#{ code: \"S\", plan: \"Starter\" }, #{ code: \"P\", plan: \"Pro\" }].lookup(\"code\", \"P\", \"plan\"));",
    ),
    entry(
        "join_on",
        ".join_on(rows, field, [their_field])",
        "Each row with the fields of the first of the other rows that has the same value in that field; numbers and texts \
         that look alike are the same, and a field that both have keeps the value of the first list",
        "let seats = [#{ id: \"acct-1\", seats: 12 }];\n\
         print(accounts().take(2).join_on(seats, \"externalId\", \"id\").pluck(\"seats\"));",
    ),
    entry(
        "pivot",
        ".pivot(down, across, [amount])",
        "A table with a row for each value of one field and a column for each value of another; its cells count the items, \
         or add up the amount",
        "let deals = [#{ plan: \"Pro\", year: 2026, mrr: 10 }, #{ plan: \"Pro\", year: 2027, mrr: 20 }];\n\
         print(deals.pivot(\"plan\", \"year\", \"mrr\"));",
    ),
    entry(
        "chunk",
        ".chunk(size)",
        "The items in arrays of so many",
        "for some in [1, 2, 3, 4, 5].chunk(2) { print(some); }",
    ),
    entry(
        "flatten",
        ".flatten()",
        "The items of arrays in a list, in one array",
        "print([[1, 2], [3]].flatten());",
    ),
    entry(
        "index_of",
        ".index_of(value)",
        "The place of the first item that is equal or passes, from 0; -1 if there is none",
        "print([\"gold\", \"silver\"].index_of(\"silver\"));",
    ),
    entry(
        "group_by",
        ".group_by(what)",
        "A map from each value to the items that have it",
        "for plan in accounts().group_by(\"traits.vitally.custom.plan\").keys() { print(plan); }",
    ),
    entry(
        "count_by",
        ".count_by(what)",
        "A map from each value to how many items have it",
        "print(accounts().count_by(\"traits.vitally.custom.plan\"));",
    ),
    entry(
        "sum_by",
        ".sum_by(what, amount)",
        "A map from each value to the sum of its amounts, as SUMIF in a spreadsheet",
        "print(accounts().sum_by(\"csmId\", \"mrr\"));",
    ),
    entry(
        "index_by",
        ".index_by(what)",
        "A map from each value to the last item that has it",
        "print(accounts().index_by(\"externalId\")[\"acct-1\"].name);",
    ),
    entry("unique", ".unique([what])", "The first item of each value", "print([3, 1, 3].unique());"),
    entry(
        "unique_by",
        ".unique_by(what)",
        "The same as unique with something to look at",
        "print(accounts().unique_by(\"csmId\").len());",
    ),
    entry(
        "sum",
        ".sum([what])",
        "The sum of numbers; empty values count as nothing",
        "print(accounts().sum(\"mrr\"));",
    ),
    entry(
        "avg",
        ".avg([what])",
        "The average of numbers; empty values do not count",
        "print(accounts().avg(\"healthScore\"));",
    ),
    entry(
        "median",
        ".median([what])",
        "The value in the middle; () if there is none",
        "print(accounts().median(\"mrr\"));",
    ),
    entry("min", ".min([what])", "The smallest value", "print(accounts().min(\"mrr\"));"),
    entry("max", ".max([what])", "The largest value", "print(accounts().max(\"mrr\"));"),
    entry(
        "min_by",
        ".min_by(what)",
        "The item whose value is smallest",
        "print(accounts().min_by(\"healthScore\").name);",
    ),
    entry(
        "max_by",
        ".max_by(what)",
        "The item whose value is largest",
        "print(accounts().max_by(\"mrr\").name);",
    ),
    entry(
        "sort_by",
        ".sort_by(what, [\"desc\"])",
        "The items in order; empty values come last",
        "print(accounts().sort_by(\"mrr\", \"desc\").take(3));",
    ),
    entry("sorted", ".sorted()", "Values in order, as a new array", "print([3, 1, 2].sorted());"),
    entry(
        "sort",
        ".sort([what])",
        "Sorts an array in place, and gives it",
        "let numbers = [3, 1, 2]; numbers.sort(); print(numbers);",
    ),
    entry(
        "sort_desc",
        ".sort_desc([what])",
        "The same with the largest first",
        "print([3, 1, 2].sort_desc());",
    ),
    entry(
        "top",
        ".top(count, [what])",
        "The items with the largest values, the largest first",
        "print(accounts().top(3, \"mrr\"));",
    ),
    entry(
        "bottom",
        ".bottom(count, [what])",
        "The items with the smallest values, the smallest first",
        "print(accounts().bottom(3, \"mrr\"));",
    ),
    entry("reversed", ".reversed()", "The items from the last to the first", "print([3, 1, 2].reversed());"),
    entry(
        "join",
        ".join([between])",
        "All items as one text, with commas or what you give between them",
        "print(accounts().take(3).pluck(\"name\").join(\" / \"));",
    ),
];
