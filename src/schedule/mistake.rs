//! What is wrong with an expression, where, and what to write instead.

use crate::error::{Finding, Place};
use std::ops::Range;

/// Why an expression makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The whole expression.
    pub expression: String,
    /// The bytes of it that are wrong.
    pub range: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// A mistake whose expression is filled in by whoever knows the whole of it.
pub(super) fn mistake(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Mistake {
    Mistake { expression: String::new(), range, message: message.into(), help: help.into() }
}

impl Mistake {
    /// The same, for a person, with the expression shown as the line it stands in.
    pub fn finding(&self, file: &str) -> Finding {
        let before = self.expression.get(..self.range.start).unwrap_or_default();
        let wrong = self.expression.get(self.range.clone()).unwrap_or_default();
        Finding {
            code: None,
            kind: "usage",
            message: self.message.clone(),
            label: None,
            help: Some(self.help.clone()),
            place: (!self.expression.trim().is_empty()).then(|| Place {
                file: file.into(),
                source: self.expression.as_str().into(),
                line: 1,
                column: before.chars().count() + 1,
                length: wrong.chars().count().max(1),
            }),
            trace: Vec::new(),
            status: None,
        }
    }
}
