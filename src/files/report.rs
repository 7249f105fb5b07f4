//! What a script reports: headings with tables and texts, as one HTML page and as one workbook.

use super::Table;
use super::xlsx::Book;
use crate::script::library::html::escaped;
use crate::show::{brief_cell, cell};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io;

/// How the page looks; it needs nothing from elsewhere.
const STYLE: &str = include_str!("report.css");
/// The longest name of a sheet.
const SHEET: usize = 31;

/// Everything that was added.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What it is called.
    pub title: String,
    /// When it was made, in words.
    pub made: String,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// One heading and what stands below it.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// What stands below it.
    pub content: Content,
}

/// What stands below a heading.
#[derive(Clone, Debug)]
pub enum Content {
    /// Some text.
    Text(String),
    /// A table.
    Rows(Rows),
}

/// A table that is kept.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The cells of every row.
    pub rows: Vec<Vec<Value>>,
}

impl Table for Rows {
    fn header(&mut self, columns: &[String]) -> io::Result<()> {
        self.columns = columns.to_vec();
        Ok(())
    }

    fn row(&mut self, cells: &mut dyn Iterator<Item = &Value>) -> io::Result<()> {
        self.rows.push(cells.cloned().collect());
        Ok(())
    }
}

impl Report {
    /// One page that shows everything, without anything from elsewhere.
    pub fn html(&self) -> String {
        let title = escaped(&self.title);
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <h1>{title}</h1>\n<p class=\"made\">{}</p>\n",
            escaped(&self.made)
        );
        for section in &self.sections {
            // Writing to a text cannot fail.
            let _ = writeln!(page, "<h2>{}</h2>", escaped(&section.heading));
            match &section.content {
                Content::Text(text) => {
                    for paragraph in text.split("\n\n").filter(|text| !text.trim().is_empty()) {
                        let _ = writeln!(page, "<p>{}</p>", escaped(paragraph).replace('\n', "<br>\n"));
                    }
                }
                Content::Rows(rows) => rows.write_html(&mut page),
            }
        }
        page.push_str("</body>\n</html>\n");
        page
    }

    /// A workbook with a sheet for each table; texts stand together on the first.
    pub fn workbook(&self) -> io::Result<Vec<u8>> {
        let mut book = Book::default();
        let mut names = HashSet::new();
        let texts: Vec<Vec<Value>> = self.sections.iter().filter_map(Section::as_row).collect();
        let tables = self.sections.iter().filter_map(|section| match &section.content {
            Content::Rows(rows) => Some((section.heading.as_str(), rows.clone())),
            Content::Text(_) => None,
        });
        let first = Rows { columns: vec!["Section".into(), "Text".into()], rows: texts };
        let first = Some((self.title.as_str(), first)).filter(|(_, first)| !first.rows.is_empty());
        let mut all: Vec<(&str, Rows)> = first.into_iter().chain(tables).collect();
        if all.is_empty() {
            all.push((&self.title, Rows::default()));
        }
        for (heading, rows) in all {
            let name = sheet_name(heading, &mut names);
            let fill = |table: &mut dyn Table| -> io::Result<()> {
                table.header(&rows.columns)?;
                rows.rows.iter().try_for_each(|row| table.row(&mut row.iter()))
            };
            book.add(&name, fill, |cause| cause)?;
        }
        book.finish()
    }
}

impl Section {
    fn as_row(&self) -> Option<Vec<Value>> {
        match &self.content {
            Content::Text(text) => Some(vec![self.heading.clone().into(), text.clone().into()]),
            Content::Rows(_) => None,
        }
    }
}

impl Rows {
    fn write_html(&self, page: &mut String) {
        if self.rows.is_empty() {
            page.push_str("<p class=\"made\">nothing</p>\n");
            return;
        }
        page.push_str("<table>\n<thead><tr>");
        for column in &self.columns {
            let _ = write!(page, "<th>{}</th>", escaped(column));
        }
        page.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            page.push_str("<tr>");
            for value in row {
                let class = if value.is_number() { " class=\"number\"" } else { "" };
                let shown = if value.is_null() { String::new() } else { cell(&brief_cell(value.clone())) };
                let shown = if shown == "\"\"" { "" } else { &shown };
                let _ = write!(page, "<td{class}>{}</td>", escaped(shown));
            }
            page.push_str("</tr>\n");
        }
        page.push_str("</tbody>\n</table>\n");
    }
}

/// A heading as Excel takes it for a sheet, and no other sheet has it.
fn sheet_name(heading: &str, taken: &mut HashSet<String>) -> String {
    let plain: String =
        heading.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let plain = plain.trim().trim_matches('\'').to_string();
    let plain = if plain.is_empty() { "Sheet".to_string() } else { plain };
    let cut = |room: usize| plain.chars().take(room).collect::<String>();
    let mut name = cut(SHEET);
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        let end = format!(" {number}");
        name = format!("{}{end}", cut(SHEET - end.chars().count()));
        number += 1;
    }
    name
}
