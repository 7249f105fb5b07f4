//! What a request is answered with: a status and a JSON text.

use serde_json::{Value, json};

/// An answer; errors are answers too.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// JSON, or nothing.
    pub body: String,
}

impl Answer {
    /// 200 with this JSON.
    pub fn ok(body: String) -> Answer {
        Answer { status: 200, body }
    }

    /// 200 with this value.
    pub fn value(value: &Value) -> Answer {
        Answer::ok(value.to_string())
    }

    /// 204.
    pub fn done() -> Answer {
        Answer { status: 204, body: String::new() }
    }

    /// An error of the plain shape.
    pub fn error(status: u16, message: &str) -> Answer {
        Answer { status, body: json!({ "error": message }).to_string() }
    }

    /// 400 with a message.
    pub fn bad(message: &str) -> Answer {
        Answer::error(400, message)
    }

    /// 404.
    pub fn missing() -> Answer {
        Answer::error(404, "Not found")
    }

    /// 400 for an id that is not a UUID: the service's own words.
    pub fn not_a_uuid() -> Answer {
        Answer::bad("Given ID expected to be a UUID")
    }

    /// 400 with a validation report.
    pub fn invalid(issues: &[Value]) -> Answer {
        let body = json!({ "error": { "message": "validation failed", "errors": issues } });
        Answer { status: 400, body: body.to_string() }
    }
}
