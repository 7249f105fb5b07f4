//! Comparisons that make sense, and those that do not.

use crate::support::scripts::{error, eval, record};
use rhai::Dynamic;
use serde_json::json;

#[test]
fn text_and_number_cannot_be_compared() {
    for operator in ["<", "<=", ">", ">=", "==", "!="] {
        let expected = format!(
            "the text \"10\" and the number 9 cannot be compared with {operator}\n\
             turn the text into a number first: num(…)"
        );
        assert_eq!(error(&[], &format!("\"10\" {operator} 9")), expected);
        assert_eq!(error(&[], &format!("let a = \"10\"; let b = 9; a {operator} b")), expected);
        assert_eq!(
            error(&[], &format!("let a = 9.5; a {operator} \"x\"")),
            format!(
                "the number 9.5 and the text \"x\" cannot be compared with {operator}\n\
                 turn the text into a number first: num(…)"
            )
        );
    }
}

#[test]
fn an_empty_value_has_no_order() {
    let expected = "an empty value: () and the number 9 cannot be compared with >\n\
                    check for it first, as in `x != () && x > 5`, or give a value to use instead: `(x ?? 0) > 5`";
    assert_eq!(error(&[], "() > 9"), expected);
    assert_eq!(error(&[], "let x = (); x > 9"), expected);
    assert_eq!(
        eval(&[], "let x = (); [x == (), x != (), x == 1, \"a\" != x, 1 == ()]"),
        json!([true, false, false, true, false])
    );
}

#[test]
fn other_kinds_have_no_order() {
    let account = [("account", Dynamic::from(record("account", &json!({ "id": "1" }))))];
    assert_eq!(
        error(&account, "account < 5"),
        "an account and the number 5 cannot be compared with <\nnumbers can be compared with numbers, and texts with texts"
    );
    assert_eq!(
        error(&[], "let a = true; a > 0"),
        "true and the number 0 cannot be compared with >\nnumbers can be compared with numbers, and texts with texts"
    );
    assert_eq!(
        eval(&account, "[account == 5, account != (), [1] == 1, true == 1]"),
        json!([false, true, false, false])
    );
}

#[test]
fn what_makes_sense_stays() {
    let yes = [
        "1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2 && 1 == 1 && 1 != 2",
        "let a = 1; let b = 1.5; a < b && b > a && a == 1.0 && b != a && 2 >= b",
        "0.1 + 0.2 == 0.3 && !(0.1 + 0.2 > 0.3)",
        "let a = 9007199254740993; a > 9007199254740992",
        "\"a\" < \"b\" && \"b\" >= \"a\" && \"a\" == \"a\" && \"a\" != \"b\"",
        "'a' < 'b' && 'a' == \"a\" && 'a' < \"b\"",
        "true == true && true != false",
        "[1, \"a\", ()] == [1.0, \"a\", ()] && [1] != [\"1\"]",
        "#{ a: [1] } == #{ a: [1] } && #{ a: 1 } != #{ b: 1 }",
        "let m = #{ a: 1 }; m.a == 1 && m.b == ()",
        "(0..3) == (0..3)",
        "switch 2 { 1 => false, 2 => true }",
    ];
    for script in yes {
        assert_eq!(eval(&[], script), json!(true), "{script}");
    }
}
