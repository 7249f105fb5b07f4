//! The headers of an answer.

use reqwest::header::HeaderMap;

/// The headers of an answer, by their names in any case.
#[derive(Clone, Debug, Default)]
pub struct Headers(Box<HeaderMap>);

impl Headers {
    pub(super) fn new(headers: HeaderMap) -> Headers {
        Headers(Box::new(headers))
    }

    /// What a header says; nothing if there is none, or none that is text.
    pub fn get(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.0.get(name)?.as_bytes()).ok()
    }
}
