//! Excel workbooks: what is written is read again, and what others write is read as it is shown.

use crate::support::program::Folder;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};
use vitally_script::files::xlsx::sheet;

fn refused(name: &str, bytes: Vec<u8>, wanted: Option<&str>) -> String {
    let trouble = sheet(name, bytes, wanted).err().expect("it is refused");
    assert_eq!(trouble.kind, "file");
    format!("{}\n{}", trouble.message.text, trouble.message.help.unwrap_or_default())
}

#[test]
fn what_a_script_writes_it_reads_again() {
    let folder = Folder::new();
    let code = "print(write_xlsx(\"out/a.xlsx\", [\
                #{ a: \"=1+1\", b: 7, c: 1.5, d: date(\"2026-12-01\"), e: true, f: \"007\", g: (), h: [1, \"x\"] },\
                #{ a: \"-x\", b: 9007199254740993, i: \"https://example.com\" }]));\
                read_xlsx(\"out/a.xlsx\")";
    folder.run(&["eval", "--demo", "-o", "jsonl", "-q", code]).is(
        0,
        "{\"a\":\"=1+1\",\"b\":7,\"c\":1.5,\"d\":\"2026-12-01\",\"e\":true,\"f\":\"007\",\"g\":\"\",\"h\":\"[1,\\\"x\\\"]\",\"i\":\"\"}\n\
         {\"a\":\"-x\",\"b\":\"9007199254740993\",\"c\":\"\",\"d\":\"\",\"e\":\"\",\"f\":\"\",\"g\":\"\",\"h\":\"\",\
         \"i\":\"https://example.com\"}\n",
        "2\n",
    );
}

#[test]
fn several_sheets() {
    let folder = Folder::new();
    let code = "print(write_xlsx(\"a.xlsx\", #{ Few: accounts().take(2).map(|a| #{ n: a.externalId }), All: accounts() }));\
                print(read_xlsx(\"a.xlsx\").len()); print(read_xlsx(\"a.xlsx\", \"Few\").len());\
                try { read_xlsx(\"a.xlsx\", \"few\") } catch (e) { print(e.message + \"\\n\" + e.help) }";
    let ended = folder.run(&["eval", "--demo", "-q", code]);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    let all: usize = lines[1].parse().unwrap();
    assert!(all > 20, "{}", ended.stdout);
    assert_eq!(lines[0], (all + 2).to_string());
    assert_eq!(
        lines[2..],
        ["2", "a.xlsx has no sheet \"few\"; did you mean \"Few\"?", "it has: All, Few"],
        "{}",
        ended.stderr
    );
}

#[test]
fn what_excel_does_not_take_is_explained() {
    let folder = Folder::new();
    let cases = [
        (
            "write_xlsx(\"a.xlsx\", #{ \"a/b\": [#{ x: 1 }] })",
            "a.xlsx cannot be written: the name of the sheet \"a/b\" holds one of [ ] : * ? / \\",
        ),
        (
            "write_xlsx(\"a.xlsx\", #{ \"\": [#{ x: 1 }] })",
            "a.xlsx cannot be written: the name of a sheet is empty",
        ),
        (
            "write_xlsx(\"a.xlsx\", #{ \"An account list with a long name\": [#{ x: 1 }] })",
            "a.xlsx cannot be written: the name of the sheet \"An account list with a long name\" is longer than 31 \
             characters",
        ),
        (
            "write_xlsx(\"a.xlsx\", [#{ x: \"long\".pad(32768, \"g\") }])",
            "a.xlsx cannot be written: a cell holds at most 32,767 characters",
        ),
        ("write_xlsx(\"a.xlsx\", #{})", "a workbook needs a sheet"),
        ("write_xlsx(\"a.xlsx\", 7)", "write_xlsx needs a list of rows, and got the number 7"),
    ];
    for (code, message) in cases {
        let caught = format!("try {{ {code}; }} catch (e) {{ print(e.message); }}");
        folder.run(&["eval", "--demo", "-q", &caught]).is(0, &format!("{message}\n"), "");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing unfinished is left");
}

/// A workbook as people make them: not in the corner, with gaps, formats and formulas.
fn people_made() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let hour = Format::new().set_num_format("hh:mm");
    for (column, name) in (1..).zip([" id ", "mrr", "day", "time", "hour", "sum", "active", "empty"]) {
        sheet.write_string(2, column, name).unwrap();
    }
    sheet.write_string(3, 1, "007").unwrap();
    sheet.write_number(3, 2, 7.0).unwrap();
    sheet
        .write_datetime_with_format(3, 3, ExcelDateTime::parse_from_str("2026-12-01").unwrap(), &day)
        .unwrap();
    let moment = ExcelDateTime::parse_from_str("2026-12-01T09:30:00").unwrap();
    sheet.write_datetime_with_format(3, 4, moment, &time).unwrap();
    sheet.write_datetime_with_format(3, 5, ExcelDateTime::parse_from_str("09:30").unwrap(), &hour).unwrap();
    sheet.write_formula(3, 6, Formula::new("=C4*2").set_result("14")).unwrap();
    sheet.write_boolean(3, 7, true).unwrap();
    sheet.write_number(5, 1, 12_345_678_901.0).unwrap();
    sheet.write_number(5, 2, -0.25).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_sheet_as_people_make_them() {
    let read = sheet("f.xlsx", people_made(), None).unwrap();
    assert_eq!(read.columns, ["id", "mrr", "day", "time", "hour", "sum", "active", "empty"]);
    let expected: Vec<Vec<Value>> = vec![
        vec![
            json!("007"),
            json!(7),
            json!("2026-12-01"),
            json!("2026-12-01T09:30:00"),
            json!("09:30:00"),
            json!(14),
            json!(true),
            json!(""),
        ],
        vec![
            json!(12_345_678_901_i64),
            json!(-0.25),
            json!(""),
            json!(""),
            json!(""),
            json!(""),
            json!(""),
            json!(""),
        ],
    ];
    assert_eq!(read.rows, expected);
}

fn with_header(names: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Plans").unwrap();
    for (column, name) in (1..).zip(names) {
        sheet.write_string(0, column, *name).unwrap();
        sheet.write_number(1, column, 1).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn columns_need_names_of_their_own() {
    assert_eq!(
        refused("f.xlsx", with_header(&["id", " ", "name"]), None),
        "column C of the sheet \"Plans\" of f.xlsx has no name\n\
         give every column a name in the first row, or take the column out"
    );
    assert_eq!(
        refused("f.xlsx", with_header(&["id", "name", "id"]), None),
        "the sheet \"Plans\" of f.xlsx has several columns of the same name: \"id\"\n\
         give every column a name of its own in the first line"
    );
    assert_eq!(
        refused("f.xlsx", with_header(&[]), None),
        "the sheet \"Plans\" of f.xlsx is empty\nits first row has to name the columns"
    );
    assert_eq!(
        refused("f.xlsx", with_header(&["id"]), Some("Plan")),
        "f.xlsx has no sheet \"Plan\"; did you mean \"Plans\"?\nit has: Plans"
    );
}

#[test]
fn what_is_no_workbook_is_refused() {
    let message = "f.xlsx is not an .xlsx workbook\n\
                   save it in Excel as \"Excel Workbook (.xlsx)\", without a password; read_csv reads CSV files";
    assert_eq!(refused("f.xlsx", b"a,b\n1,2\n".to_vec(), None), message);
    assert_eq!(refused("f.xlsx", Vec::new(), None), message);
    let mut cut = people_made();
    cut.truncate(cut.len() / 2);
    assert_eq!(refused("f.xlsx", cut, None), message);
}
