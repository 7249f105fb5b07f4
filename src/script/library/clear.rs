//! The constant `CLEAR`, which erases a field or trait on purpose.

use super::super::value::Clear;
use rhai::Engine;

/// Registers its type.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Clear>("CLEAR");
    engine.register_fn("to_string", |_: &mut Clear| "CLEAR".to_string());
    engine.register_fn("to_debug", |_: &mut Clear| "CLEAR".to_string());
    engine.register_fn("==", |_: Clear, _: Clear| true);
}
