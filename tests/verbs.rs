//! The verbs of lists and arrays.

use crate::support::demo_eval;
use crate::support::lists::{both, fails, ids, list};
use crate::support::scripts::{error, eval};
use proptest::prelude::*;
use rhai::Dynamic;
use serde_json::json;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_are_sorted_by_their_bytes_and_equal_ones_stay(
        start in "[a-c]{0,3}", ends in prop::collection::vec("[a\u{0}é]{0,2}(bcdefgh)?[xy]{0,2}", 0..40)
    ) {
        let texts: Vec<String> = ends.iter().map(|end| format!("{start}{end}")).collect();
        let items = texts.iter().enumerate().map(|(place, text)| json!({ "text": text, "place": place }));
        let items: Dynamic = rhai::serde::to_dynamic(items.collect::<Vec<_>>()).expect("they are plain");
        let places: Vec<usize> = (0..texts.len()).collect();
        let mut rising = places.clone();
        rising.sort_by_key(|place| texts[*place].as_bytes());
        let mut falling = places;
        falling.sort_by(|one, two| texts[*two].as_bytes().cmp(texts[*one].as_bytes()));
        let script = |verb: &str| format!("items.{verb}(\"text\").map(|item| item.place)");
        let sorted = |verb: &str| eval(&[("items", items.clone())], &script(verb));
        prop_assert_eq!(sorted("sort_by"), json!(rising));
        prop_assert_eq!(sorted("sort_desc"), json!(falling));
    }
}

#[test]
fn keeping_by_function_map_and_comparison() {
    assert_eq!(ids("where(|a| a.healthScore != () && a.healthScore < 6)"), "14");
    assert_eq!(ids("filter(|a, place| place > 2)"), "45");
    assert_eq!(ids("where(#{ mrr: 50, name: \"Wayne\" })"), "5");
    assert_eq!(ids("where(\"mrr\", 50)"), "25");
    assert_eq!(ids("where(\"mrr\", \">=\", 50).where(\"mrr\", \"<\", 300)"), "125");
    assert_eq!(ids("where(\"healthScore\", \"<=\", 5)"), "14");
    assert_eq!(ids("where(\"healthScore\", \"!=\", ())"), "1245");
    assert_eq!(ids("where(\"healthScore\", 9.0)"), "5");
    assert_eq!(ids("where(\"traits.plan\", \"gold\")"), "135");
    assert_eq!(ids("where(\"traits.a.b\", 1)"), "1");
    assert_eq!(ids("where(\"name\", \"contains\", \"l\")"), "24");
    assert_eq!(ids("where(\"name\", \"in\", [\"Acme\", \"Wayne\"])"), "15");
    assert_eq!(ids("where(\"name\", \">\", \"Globex\")"), "345");
}

#[test]
fn slices() {
    assert_eq!(ids("skip(1).take(2)"), "23");
    assert_eq!(ids("first(2)"), "12");
    assert_eq!(ids("last(2)"), "45");
    assert_eq!(ids("take(99).skip(99)"), "");
    assert_eq!(both("[list.first().id, list.last().id]"), json!(["1", "5"]));
    assert_eq!(both("let none = list.where(\"mrr\", 1); [none.first(), none.last()]"), json!([null, null]));
}

#[test]
fn questions() {
    assert_eq!(both("list.any(|a| a.mrr == 20)"), json!(true));
    assert_eq!(both("list.some(\"mrr\", \">\", 300)"), json!(false));
    assert_eq!(both("list.all(|a| a.mrr >= 20)"), json!(true));
    assert_eq!(both("list.none(|a| a.mrr == 20)"), json!(false));
    assert_eq!(both("list.count(|a| a.mrr == 50)"), json!(2));
    assert_eq!(both("list.first() in list"), json!(true));
    assert_eq!(both("list.find(\"name\", \"Nobody\") == ()"), json!(true));
    assert_eq!(both("list.index_of(|a| a.id == \"3\")"), json!(2));
    assert_eq!(
        eval(&[], "\"1\" in [1, \"1\"] && !(1 in [\"1\"]) && [1, 2.5].index_of(2.5) == 1"),
        json!(true)
    );
}

#[test]
fn sorting() {
    assert_eq!(ids("sort_by(\"mrr\")"), "42513");
    assert_eq!(ids("sort_by(\"mrr\", \"desc\")"), "31254");
    assert_eq!(ids("sort_desc(\"mrr\")"), "31254");
    assert_eq!(ids("sort_by(\"healthScore\")"), "14253");
    assert_eq!(ids("sort_by(\"healthScore\", \"desc\")"), "52413");
    assert_eq!(ids("sort_by(|a| -a.mrr)"), "31254");
    assert_eq!(ids("sort_by(\"name\", \"desc\")"), "54321");
    assert_eq!(ids("sort_by(|a, b| b.mrr - a.mrr)"), "31254");
    assert_eq!(ids("reversed()"), "54321");
    assert_eq!(eval(&[], "[3, 1.5, (), 2].sorted()"), json!([1.5, 2, 3, null]));
    assert_eq!(
        eval(&[], "[\"prefix-equal-b\", \"prefix-equal-a\", \"p\", \"\"].sorted()"),
        json!(["", "p", "prefix-equal-a", "prefix-equal-b"])
    );
}

#[test]
fn sort_sorts_in_place_and_gives_the_result() {
    assert_eq!(eval(&[], "let a = [3, 1, 2]; let b = a.sort(); [a, b]"), json!([[1, 2, 3], [1, 2, 3]]));
    assert_eq!(eval(&[], "let a = [3, 1, 2]; a.sort(|x, y| y - x); a"), json!([3, 2, 1]));
    assert_eq!(eval(&[], "let a = [3, 1, 2]; a.sort_by(|x| x); a.sorted(); a"), json!([3, 1, 2]));
    assert_eq!(eval(&[], "const A = [3, 1, 2]; let b = A.sort(); [A, b]"), json!([[3, 1, 2], [1, 2, 3]]));
}

#[test]
fn sums() {
    assert_eq!(
        both("[list.sum(\"mrr\"), list.sum(|a| a.mrr * 2), list.sum(\"healthScore\")]"),
        json!([520, 1040, 25.5])
    );
    assert_eq!(
        both("[list.avg(\"mrr\"), list.avg(\"healthScore\"), list.take(0).avg(\"mrr\")]"),
        json!([104.0, 6.375, null])
    );
    assert_eq!(
        both("[list.min(\"mrr\"), list.max(\"healthScore\"), list.min(\"name\")]"),
        json!([20, 9, "Acme"])
    );
    assert_eq!(both("list.min_by(\"mrr\").id + list.max_by(|a| a.mrr).id"), json!("43"));
    assert_eq!(
        eval(&[], "[[1, 2].sum(), [1, 2].avg(), [3, 1].min(), [].max(), [].sum()]"),
        json!([3, 1.5, 1, null, 0])
    );
    assert_eq!(eval(&[], "[9223372036854775807, 1].sum()"), json!(9_223_372_036_854_775_808.0));
}

#[test]
fn groups() {
    assert_eq!(
        both(
            "let groups = list.group_by(\"traits.plan\"); let keys = groups.keys(); keys.map(|k| k + groups[k].map(|a| a.id).join(\"\"))"
        ),
        json!(["(empty)4", "free2", "gold135"])
    );
    assert_eq!(both("list.count_by(|a| a.mrr)"), json!({ "100": 1, "20": 1, "300": 1, "50": 2 }));
    assert_eq!(both("let index = list.index_by(\"name\"); index.Wayne.id + index[\"Acme\"].id"), json!("51"));
    assert_eq!(ids("unique(\"mrr\")"), "1234");
    assert_eq!(ids("unique_by(|a| a.traits.plan)"), "124");
    assert_eq!(eval(&[], "[1, 1.0, \"1\", (), (), [1], [1]].unique()"), json!([1, "1", null, [1]]));
}

#[test]
fn folding_and_joining() {
    assert_eq!(both("list.reduce(|sum, a| sum + a.mrr, 0)"), json!(520));
    assert_eq!(both("list.pluck(\"mrr\").reduce(|sum, mrr| sum + mrr)"), json!(520));
    assert_eq!(both("list.pluck(\"name\").join()"), json!("Acme, Globex, Initech, Umbrella, Wayne"));
    assert_eq!(both("let n = 0; list.for_each(|a| n += a.mrr); n"), json!(520));
    assert_eq!(eval(&[], "[1, 2.5, true, \"x\"].join(\"-\")"), json!("1-2.5-true-x"));
}

#[test]
fn mixed_kinds_are_explained() {
    assert_eq!(
        fails("list.where(\"mrr\", \">\", \"50\").to_array()"),
        "where cannot compare \"mrr\", the number 100 here, with the text \"50\"\n\
         turn one into the kind of the other, such as where(|item| num(item.mrr) > 5)"
    );
    assert_eq!(
        error(&[], "[2, \"1\"].sorted()"),
        "these cannot be sorted together: after numbers came texts, the text \"1\"\n\
         turn them into one kind first, as in sort_by(|item| num(item.traits.size))"
    );
    assert_eq!(
        fails("list.sum(\"name\")"),
        "sum needs numbers, and got the text \"Acme\"\n\
         text from a file or a trait becomes a number with num(…), such as |item| num(item.amount)"
    );
}

#[test]
fn what_a_verb_cannot_use_is_explained() {
    assert_eq!(
        fails("list.where(|a| a.mrr).to_array()"),
        "the function given to where must say true or false, and gave the number 100\n\
         compare something in it, such as |item| item.name == \"Acme\""
    );
    assert_eq!(
        fails("list.where(\"mrr\", \"=>\", 1)"),
        "where knows no comparison \"=>\"\nit knows: == != < <= > >= in contains"
    );
    assert_eq!(
        fails("list.take(\"2\")"),
        "take needs a whole number, 0 or more, and got the text \"2\"\nsuch as take(10)"
    );
    assert_eq!(
        fails("list.map(|| 1)"),
        "the function given to map takes 0 values\nwrite |item| … or |item, place| …"
    );
    assert_eq!(
        fails("list.for_each(5)"),
        "for_each needs a function, and got the number 5\nsuch as for_each(|item| …)"
    );
    assert_eq!(
        fails("list.sort_by(\"mrr\", \"down\")"),
        "sort_by knows the directions \"asc\" and \"desc\", not the text \"down\"\nsuch as sort_by(\"mrr\", \"desc\")"
    );
    assert_eq!(
        fails("list.group_by(|a| a)"),
        "group_by needs one text or number for each item, and got an account\nsuch as group_by(|item| item.name)"
    );
    assert_eq!(
        fails("list.pluck(\"nmae\").to_array()").lines().next(),
        Some("an account has no field \"nmae\"; did you mean \"name\"?")
    );
    assert_eq!(
        error(&list(), "list.name"),
        "accounts() is a list, and a list has no field \"name\"\n\
         take one item, .first().name, or all of them, .map(|item| item.name)"
    );
}

#[test]
fn a_text_names_a_field_also_where_a_function_has_that_name() {
    let code = r#"
        let rows = accounts().take(2).to_array();
        print(rows.map("name") == rows.map(|row| row.name));
        print(accounts().sort_by("mrr").take(1).map("name").len());
    "#;
    assert_eq!(demo_eval(code).as_deref(), Ok("true\n1\n"));
}
