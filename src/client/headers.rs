//! The headers of an answer.

use reqwest::header::HeaderMap;

/// The headers of an answer, found by their names in any case. They are a text of their own: the library's values would
/// hold on to all that was received with them.
#[derive(Clone, Debug, Default)]
pub struct Headers(Box<str>);

impl Headers {
    pub(super) fn of(headers: &HeaderMap) -> Headers {
        let mut lines = String::with_capacity(512);
        for (name, value) in headers {
            lines.push_str(name.as_str());
            lines.push(':');
            lines.push_str(&String::from_utf8_lossy(value.as_bytes()));
            lines.push('\n');
        }
        Headers(lines.into())
    }

    /// What a header says, the first of this name; nothing if there is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut headers = self.0.lines().filter_map(|line| line.split_once(':'));
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}
