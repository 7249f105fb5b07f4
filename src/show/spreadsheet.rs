//! Values for spreadsheets.

use serde_json::Value;

/// A cell of a CSV file. Text that a spreadsheet would run as a formula gets a `'` before it.
pub fn spreadsheet_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => {
            let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
            if formula { format!("'{text}") } else { text.clone() }
        }
        other => other.to_string(),
    }
}
