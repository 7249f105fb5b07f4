//! What a dialogue shows fits any width, whatever stands in it: wide characters, emoji, long texts, many columns.

use serde_json::{Value, json};
use vitally_script::show::{card, table, width_of};

/// Rows by their names.
fn cases() -> Vec<(&'static str, Vec<Value>)> {
    let wide = |key: &str| -> Value {
        (0..30).map(|n| (format!("{key}{n}"), json!(n))).collect::<serde_json::Map<_, _>>().into()
    };
    vec![
        ("plain", vec![json!({ "name": "Acme", "mrr": 5 })]),
        ("empty and null", vec![json!({ "name": "", "mrr": null })]),
        ("cjk", vec![json!({ "name": "東京ガス株式会社の長い名前がここに入ります", "mrr": 100 })]),
        ("korean", vec![json!({ "name": "주식회사 카카오엔터테인먼트", "note": "안녕하세요" })]),
        ("emoji", vec![json!({ "name": "🚀 Rocket 🚀🚀🚀", "note": "👩\u{200d}💻 done ✅" })]),
        ("flags", vec![json!({ "name": "🇩🇪 GmbH", "note": "🇯🇵" })]),
        ("accents", vec![json!({ "name": "Cafe\u{301} Zoë Ærø", "note": "e\u{301}e\u{301}" })]),
        ("right to left", vec![json!({ "name": "שלום עולם", "note": "مرحبا" })]),
        ("long text", vec![json!({ "name": "x".repeat(500), "note": "y".repeat(500) })]),
        ("long wide text", vec![json!({ "name": "漢".repeat(300), "note": "字".repeat(300) })]),
        ("line breaks", vec![json!({ "name": "one\ntwo\r\nthree\tfour", "note": "\u{1b}[31mred" })]),
        ("many columns", vec![wide("column")]),
        ("wide heads", vec![wide("列の名前")]),
        ("nested", vec![json!({ "name": "Acme", "traits": { "plan": "gold", "tags": ["a", "b"] } })]),
        ("numbers", vec![json!({ "n": 1.5 }), json!({ "n": -12_345_678 }), json!({ "n": null })]),
    ]
}

#[test]
fn every_line_of_a_table_or_a_card_fits() {
    for (name, rows) in cases() {
        let columns: Vec<String> = rows[0].as_object().expect("a record").keys().cloned().collect();
        let cells: Vec<Vec<Value>> =
            rows.iter().map(|row| columns.iter().map(|column| row[column].clone()).collect()).collect();
        let fields: Vec<(String, Value)> = columns.iter().cloned().zip(cells[0].clone()).collect();
        for width in [40, 80, 200] {
            let text = table(&columns, &cells, Some(width));
            let lines: Vec<&str> = text.lines().collect();
            let left_out = lines.last().is_some_and(|line| line.starts_with('+'));
            assert_eq!(
                lines.len(),
                rows.len() + 1 + usize::from(left_out),
                "{name} at {width}: one line a row\n{text}"
            );
            for line in lines.into_iter().chain(card("A title 題", &fields, Some(width)).lines()) {
                assert!(width_of(line) <= width, "{name} at {width}: {} columns: {line}", width_of(line));
                assert!(!line.contains('\u{1b}'), "{name}: nothing steers the terminal");
            }
        }
    }
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let (_, rows) = cases().into_iter().find(|(name, _)| *name == "many columns").expect("the case");
    let columns: Vec<String> = rows[0].as_object().expect("a record").keys().cloned().collect();
    let cells: Vec<Value> = columns.iter().map(|column| rows[0][column].clone()).collect();
    let narrow = table(&columns, std::slice::from_ref(&cells), Some(40));
    assert!(narrow.contains("\n+26 columns: "), "{narrow}");
    assert!(!table(&columns, &[cells], None).contains('+'));
}
