//! The constant `CLEAR`, which erases a field or trait on purpose.

use super::super::value::Clear;
use rhai::{Engine, Module};

/// Registers the constant.
pub fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Clear>("CLEAR");
    engine.register_fn("to_string", |_: &mut Clear| "CLEAR".to_string());
    engine.register_fn("to_debug", |_: &mut Clear| "CLEAR".to_string());
    engine.register_fn("==", |_: Clear, _: Clear| true);
    let mut constants = Module::new();
    constants.set_var("CLEAR", Clear);
    engine.register_global_module(constants.into());
}
