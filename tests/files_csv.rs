//! CSV files as people and spreadsheets write them.

use proptest::prelude::*;
use serde_json::{Value, json};
use vitally_script::files::Table as _;
use vitally_script::files::csv::{Csv, CsvTable, Options};

/// The rows of a file, each as its cells.
fn rows(bytes: &[u8], options: &Options) -> Result<Vec<Vec<String>>, String> {
    let told = |trouble: vitally_script::files::Trouble| {
        format!("{}\n{}", trouble.message.text, trouble.message.help.unwrap_or_default())
    };
    let mut csv = Csv::open("f.csv", bytes.to_vec(), options).map_err(told)?;
    let columns = csv.columns().to_vec();
    let mut rows = vec![columns];
    let width = rows[0].len();
    while let Some(row) = csv.next_row().map_err(told)? {
        rows.push((0..width).map(|column| row.cell(column).to_string()).collect());
    }
    Ok(rows)
}

#[track_caller]
fn reads(bytes: &[u8], expected: &[&[&str]]) {
    assert_eq!(rows(bytes, &Options::default()).unwrap(), expected);
}

#[track_caller]
fn refuses(bytes: &[u8], message: &str) {
    assert_eq!(rows(bytes, &Options::default()).unwrap_err(), message);
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn every_delimiter_is_found() {
    for sign in [',', ';', '\t', '|'] {
        let text = format!("id{sign}name\n007{sign}\"Zoë, {sign} \"\"Z\"\"\"\n");
        reads(text.as_bytes(), &[&["id", "name"], &["007", &format!("Zoë, {sign} \"Z\"")]]);
    }
    reads(b"id;price\n1;2,50\n2;3,75\n", &[&["id", "price"], &["1", "2,50"], &["2", "3,75"]]);
    reads(b"id,tags\n1,a;b;c\n", &[&["id", "tags"], &["1", "a;b;c"]]);
    reads(b"\"last, first\";age\n\"Doe, J\";30\n", &[&["last, first", "age"], &["Doe, J", "30"]]);
    reads(b"id\n1\n", &[&["id"], &["1"]]);
    reads(b"sep=|\r\na|b\r\n1,2|3\r\n", &[&["a", "b"], &["1,2", "3"]]);
}

#[test]
fn every_encoding_is_found() {
    let text = "id;name\r\n007;Zoë – €\r\n";
    let expected: &[&[&str]] = &[&["id", "name"], &["007", "Zoë – €"]];
    reads(text.as_bytes(), expected);
    reads(format!("\u{feff}{text}").as_bytes(), expected);
    reads(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes), expected);
    reads(&utf16(&format!("\u{feff}{text}"), u16::to_be_bytes), expected);
    reads(b"id;name\r\n007;Zo\xeb \x96 \x80\r\n", expected);
    refuses(
        &utf16(text, u16::to_le_bytes),
        "f.csv looks like UTF-16, and does not say so\n\
         say it: read_csv(…, #{ encoding: \"utf-16le\" }); or save it as \"CSV UTF-8\"",
    );
    refuses(
        b"\xef\xbb\xbfid\n\xff\n",
        "f.csv is not UTF-8 text\n\
         save it as \"CSV UTF-8\", or say what it is: read_csv(…, #{ encoding: \"windows-1252\" })",
    );
    refuses(
        b"PK\x03\x04...",
        "f.csv is an Excel workbook, not a CSV file\nread it with read_xlsx(\"f.csv\")",
    );
}

#[test]
fn blank_lines_and_line_ends() {
    reads(b"\n\na,b\n\n1,2\n,\n  \n3,4", &[&["a", "b"], &["1", "2"], &["3", "4"]]);
    reads(b"a,b\r1,2\r", &[&["a", "b"], &["1", "2"]]);
    reads(b" a , b\n 1 ,2\n", &[&["a", "b"], &[" 1 ", "2"]]);
    reads(b"a,b\n1,\"two\nlines\"\n", &[&["a", "b"], &["1", "two\nlines"]]);
    refuses(b"", "f.csv is empty\nits first line has to name the columns");
    refuses(b"\n , \n", "f.csv is empty\nits first line has to name the columns");
}

#[test]
fn columns_need_names_of_their_own() {
    refuses(
        b"id,,name, \n1,2,3,4\n",
        "f.csv has columns without a name: B, D\n\
         give every column a name in the first line, or take the column out",
    );
    refuses(
        b"id,name,id,mrr,name,id\n",
        "f.csv has several columns of the same name: \"id\", \"name\"\n\
         give every column a name of its own in the first line",
    );
}

#[test]
fn an_uneven_row_is_told_with_its_line() {
    refuses(
        b"a,b,c\n\n1,2,3\r\n\r\n1,2\n",
        "f.csv, line 5: the row has 2 cells, and there are 3 columns\n\
         add what is missing, or an empty cell for it",
    );
    refuses(
        b"a,b\n\"x\ny\",2\n1,2,3\n",
        "f.csv, line 4: the row has 3 cells, and there are 2 columns\n\
         put a cell that holds the sign between cells into quote marks",
    );
    refuses(
        b"sep=,\na\r1,2\r",
        "f.csv, line 3: the row has 2 cells, and there are 1 column\n\
         put a cell that holds the sign between cells into quote marks",
    );
    refuses(
        b"a,b\n\"1,2\n3,4\n",
        "f.csv, line 2: the row has 1 cell, and there are 2 columns\n\
         a quote mark is opened there and closed in a later line; check the quote marks",
    );
}

fn guarded(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if formula { format!("'{text}") } else { text.to_string() }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        cells in prop::collection::vec(
            prop::array::uniform3(prop_oneof![any::<String>(), "[-=+@,;|\t\r\n\" 'a0]{0,6}"]),
            0..12,
        ),
        mark in any::<bool>(),
    ) {
        let mut bytes = Vec::new();
        let columns = ["a", "b", "c"].map(String::from);
        let mut table = if mark { CsvTable::with_mark(&mut bytes).unwrap() } else { CsvTable::new(&mut bytes) };
        table.header(&columns).unwrap();
        for row in &cells {
            let values: Vec<Value> = row.iter().map(|cell| json!(cell)).collect();
            table.row(&mut values.iter()).unwrap();
        }
        table.finish().unwrap();
        drop(table);
        let stored = cells.iter().map(|row| row.iter().map(|cell| guarded(cell)).collect::<Vec<_>>());
        let mut expected = vec![columns.to_vec()];
        expected.extend(stored.filter(|row| row.iter().any(|cell| !cell.trim().is_empty())));
        prop_assert_eq!(rows(&bytes, &Options::default()).unwrap(), expected);
    }
}
