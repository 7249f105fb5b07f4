//! What people write into cells: `num`, `yes_no`, `list`.

use crate::support::demo_eval;

#[track_caller]
fn gives(cases: &[(&str, &str)]) {
    let code: Vec<String> = cases.iter().map(|(code, _)| format!("print({code});")).collect();
    let expected: Vec<&str> = cases.iter().map(|(_, expected)| *expected).collect();
    let printed = demo_eval(&format!("{} ()", code.join(" "))).unwrap();
    let printed: Vec<&str> = printed.lines().collect();
    for ((code, _), (got, wanted)) in cases.iter().zip(printed.iter().zip(&expected)) {
        assert_eq!(got, wanted, "{code}");
    }
    assert_eq!(printed.len(), expected.len());
}

#[track_caller]
fn refuses(code: &str, message: &str, help: &str) {
    let caught = format!("try {{ {code}; }} catch (e) {{ print(e.message); print(e.help); }}");
    assert_eq!(demo_eval(&caught).unwrap(), format!("{message}\n{help}\n"), "{code}");
}

#[test]
fn numbers_as_people_write_them() {
    gives(&[
        ("num(\"1,200\")", "1200"),
        ("num(\"1,200.50\")", "1200.5"),
        ("num(\" £1,200 \")", "1200"),
        ("num(\"-$5\")", "-5"),
        ("num(\"$-5\")", "-5"),
        ("num(\"€ 5\")", "5"),
        ("num(\"−5\")", "-5"),
        ("num(\"+5\")", "5"),
        ("num(\"12%\")", "12"),
        ("num(\"12.5 %\")", "12.5"),
        ("num(\"(1,200)\")", "-1200"),
        ("num(\"(£1,200.50)\")", "-1200.5"),
        ("num(\"1 200 300\")", "1200300"),
        ("num(\"1\u{a0}200\")", "1200"),
        ("num(\"1'200\")", "1200"),
        ("num(\"12,34,567\")", "1234567"),
        ("num(\".5\")", "0.5"),
        ("num(\"5.\")", "5.0"),
        ("num(\"1.2E+05\")", "120000.0"),
        ("num(\"007\")", "7"),
        ("num(\"\") == ()", "true"),
        ("num(()) == ()", "true"),
        ("num(7)", "7"),
        ("num(\"1.234,50\", \",\")", "1234.5"),
        ("num(\"1.234\", \",\")", "1234"),
        ("num(\"0,5 €\", \",\")", "0.5"),
        ("num(\"1,5\", ',')", "1.5"),
        ("num(\"1,234.5\", \".\")", "1234.5"),
    ]);
}

#[test]
fn a_number_that_could_be_another_is_refused() {
    let help = "numbers look like 1200, 1,200.50, £1,200, 12% or (1,200); \
                if the comma stands before the decimals, write num(…, \",\")";
    for text in [
        "1.234,50", "1,5", "1,2000", "1,,200", "12a", "--5", "(5", "e5", "1e", ".", "-", "nan", "inf",
        "1.2.3",
    ] {
        let message = format!("num cannot read the text \"{text}\" as a number");
        refuses(&format!("num(\"{text}\")"), &message, help);
    }
    refuses(
        "num(\"1,234.50\", \",\")",
        "num cannot read the text \"1,234.50\" as a number",
        "with a decimal comma, numbers look like 1200 or 1.200,50",
    );
    refuses(
        "num(\"1\", \";\")",
        "the decimal sign of num cannot be \";\"",
        "it is \".\" or \",\": num(\"1.234,50\", \",\")",
    );
    refuses("num(true)", "num cannot read true as a number", help);
}

#[test]
fn yes_and_no() {
    gives(&[
        ("[\"Y\", \"yes\", \"TRUE\", \" 1 \", \"x\", 1, true].all(|it| yes_no(it))", "true"),
        ("[\"N\", \"no\", \"False\", \"0\", 0, false].any(|it| yes_no(it))", "false"),
        ("yes_no(\"\") == ()", "true"),
        ("yes_no(()) == ()", "true"),
    ]);
    refuses(
        "yes_no(\"maybe\")",
        "yes_no cannot read the text \"maybe\"",
        "it can be Y, yes, true, 1 or x, and N, no, false or 0",
    );
}

#[test]
fn lists() {
    gives(&[
        ("to_json(list(\"gold; silver,bronze ;\"))", "[\"gold\",\"silver\",\"bronze\"]"),
        ("to_json(list(\"[\\\"a, b\\\",\\\"c\\\"]\"))", "[\"a, b\",\"c\"]"),
        ("list(\"\").len()", "0"),
        ("list(()).len()", "0"),
        ("list([1, 2]).len()", "2"),
    ]);
    refuses("list(7)", "list needs a text, and got the number 7", "such as \"gold; silver\"");
}
