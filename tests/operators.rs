//! Comparisons that make sense, and those that do not.

use crate::support::scripts::{error, eval};
use serde_json::json;

#[test]
fn text_and_number_cannot_be_compared() {
    assert_eq!(
        error(&[], "\"10\" > 9"),
        "the text \"10\" and the number 9 cannot be compared with >\nturn the text into a number first: num(…)"
    );
    let _ = eval(&[], "1");
    let _ = json!(1);
}
