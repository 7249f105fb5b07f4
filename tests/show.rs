//! Tables and cards at several widths, with characters that take two columns.

use serde_json::{Value, json};
use vitally_script::show::{card, cell, cut, fit, hanging, listing, table, width_of, wrap};

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn rows() -> Vec<Vec<Value>> {
    vec![
        vec![
            json!("Acme"),
            json!(1200),
            json!(null),
            json!("the customer that we talk about most of all"),
            json!(["a", "b"]),
        ],
        vec![json!("東京株式会社"), json!(7.5), json!(""), json!("🎉 party 👩‍💻"), json!({ "k": 1 })],
    ]
}

const COLUMNS: &[&str] = &["name", "mrr", "owner", "remark", "tags"];

#[test]
fn everything_fits_at_200() {
    assert_eq!(
        table(&columns(COLUMNS), &rows(), Some(200)),
        "\
name           mrr  owner  remark                                       tags
Acme          1200  –      the customer that we talk about most of all  [\"a\",\"b\"]
東京株式会社   7.5  \"\"     🎉 party 👩‍💻                                  {\"k\":1}"
    );
    assert_eq!(table(&columns(COLUMNS), &rows(), Some(200)), table(&columns(COLUMNS), &rows(), None));
}

#[test]
fn long_texts_are_cut_at_80() {
    let columns = columns(&["name", "remark", "other"]);
    let long = "x".repeat(60);
    assert_eq!(
        table(&columns, &[vec![json!("Acme"), json!(long), json!(long)]], Some(80)),
        format!(
            "name  remark                                    other\nAcme  {}…  {}…",
            "x".repeat(39),
            "x".repeat(31)
        )
    );
}

#[test]
fn columns_that_do_not_fit_are_counted_at_40() {
    assert_eq!(
        table(&columns(COLUMNS), &rows(), Some(40)),
        "\
name           mrr  owner  remark
Acme          1200  –      the customer…
東京株式会社   7.5  \"\"     🎉 party 👩‍💻
+1 column: tags"
    );
    let names: Vec<String> = (0..12).map(|at| format!("column {at}")).collect();
    let row: Vec<Value> = (0..12).map(Value::from).collect();
    assert_eq!(
        table(&names, &[row], Some(40)).lines().last(),
        Some("+8 columns: column 4, column 5, column …")
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let rows: Vec<Vec<Value>> = rows().into_iter().cycle().take(20).collect();
    for width in 1..=220 {
        let shown = table(&columns(COLUMNS), &rows, Some(width));
        for line in shown.lines().filter(|line| !line.starts_with('+')) {
            assert!(width_of(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn a_row_is_one_line_whatever_it_holds() {
    let nasty = json!("a\nb\r\nc\td\u{1b}[31m\u{2028}e");
    assert_eq!(cell(&nasty), "a b c d\u{fffd}[31m e");
    assert_eq!(table(&columns(&["x\ny"]), &[vec![nasty]], None).lines().count(), 2);
}

#[test]
fn cells() {
    let cases = [
        (json!(null), "–"),
        (json!(""), "\"\""),
        (json!("text"), "text"),
        (json!(true), "true"),
        (json!(12), "12"),
        (json!(0.5), "0.5"),
        (json!([1, "a"]), "[1,\"a\"]"),
        (json!({ "b": 1, "a": null }), "{\"b\":1,\"a\":null}"),
    ];
    for (value, text) in cases {
        assert_eq!(cell(&value), text);
    }
}

#[test]
fn nothing_and_ragged_rows() {
    assert_eq!(table(&columns(&["a", "b"]), &[], Some(80)), "a  b");
    assert_eq!(table(&columns(&["a", "b"]), &[vec![json!(1)]], Some(80)), "a  b\n1");
}

#[test]
fn a_card_at_several_widths() {
    let fields = [
        ("name".to_string(), json!("東京株式会社")),
        ("healthScore".to_string(), json!(null)),
        ("traits.plan".to_string(), json!("a plan with rather a long name")),
    ];
    assert_eq!(
        card("account 東京", &fields, None),
        "\
account 東京
  name         東京株式会社
  healthScore  –
  traits.plan  a plan with rather a long name"
    );
    assert_eq!(
        card("account 東京", &fields, Some(24)),
        "\
account 東京
  name         東京株式…
  healthScore  –
  traits.plan  a plan w…"
    );
}

#[test]
fn texts_are_cut_between_characters_that_people_see() {
    let cases = [
        ("plain", 5, "plain"),
        ("plain", 4, "pla…"),
        ("plain", 1, "…"),
        ("plain", 0, ""),
        ("東京都", 4, "東…"),
        ("東京都", 3, "東…"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ("👩‍💻👩‍💻", 3, "👩‍💻…"),
        ("👩‍💻👩‍💻", 2, "…"),
        ("🇬🇧🇫🇷", 3, "🇬🇧…"),
    ];
    for (text, columns, shown) in cases {
        assert_eq!(cut(text, columns), shown, "{text} {columns}");
        assert!(width_of(shown) <= columns);
    }
}

#[test]
fn sentences_are_broken_between_words() {
    assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    assert_eq!(wrap("a\nunbreakable b", 5), ["a", "unbreakable", "b"]);
    assert_eq!(hanging("help: ", "write it down", Some(14)), "help: write it\n      down");
    assert_eq!(hanging("help: ", "write it down", None), "help: write it down");
}

#[test]
fn a_listing_cuts_nothing() {
    let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<String>>();
    let rows =
        [row(&["take(count)", "The first few"]), row(&["a_much_longer_function(value)", "Reads it all"])];
    assert_eq!(
        listing(&rows, 2, None),
        "  take(count)                    The first few\n  a_much_longer_function(value)  Reads it all"
    );
    assert_eq!(
        listing(&rows, 2, Some(40)),
        "  take(count)  The first few\n  a_much_longer_function(value)\n        Reads it all"
    );
}

#[test]
fn what_is_said_above_the_prompt_breaks_between_words() {
    for (said, shown) in [
        ("listening to accounts since 09:00", "listening to\naccounts since\n09:00"),
        ("short\nlistening to accounts", "short\nlistening to\naccounts"),
        ("  a row of a table that is wide", "  a row of a table that is wide"),
        ("\u{1b}[1mcoloured and fitted before\u{1b}[0m", "\u{1b}[1mcoloured and fitted before\u{1b}[0m"),
    ] {
        assert_eq!(fit(said, 14), shown);
    }
}
