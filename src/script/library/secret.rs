//! Secrets: values that a script can pass on and never see.

use super::super::host::Host;
use super::super::raise::{Raised, mistake, raise};
use super::super::words::described;
use super::{Entry, entry, run};
use rhai::{Dynamic, Engine, ImmutableString};
use std::fmt;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "secret",
        "secret(name)",
        "The secret of that name, from the environment or from .env. It prints as ***, cannot be put into texts, files or \
         Vitally, and is taken by the headers and addresses of http_… and by slack",
        "if env(\"SLACK_OPS_HOOK\") != () { slack(secret(\"SLACK_OPS_HOOK\"), \"All accounts were checked\"); }",
    ),
    entry(
        "bearer",
        "bearer(secret)",
        "A secret as the Authorization header that most services want",
        "if env(\"CRM_TOKEN\") != () {\n    \
         print(http_get(\"https://api.crm.example/me\", #{ headers: #{ Authorization: bearer(secret(\"CRM_TOKEN\")) } }));\n}",
    ),
];

/// What secrets look like.
const STARS: &str = "***";

/// A value that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Rc<str>);

impl Secret {
    /// The value itself: only for what is sent.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    let keeper = Rc::clone(host);
    engine.register_fn("secret", move |name: &str| -> Result<Secret, Raised> {
        let value = run::variable(&keeper, name)?.map(|value| value.trim().to_string());
        value.filter(|value| !value.is_empty()).map(|value| Secret(value.into())).ok_or_else(|| {
            raise(
                "failed",
                format!("there is no secret \"{name}\""),
                Some(format!(
                    "set {name} in the environment, or write {name}=… into the file .env of the project"
                )),
            )
        })
    });
    engine.register_fn("bearer", |token: Dynamic| match token.read_lock::<Secret>() {
        Some(token) => Ok(Secret(format!("Bearer {}", token.reveal()).into())),
        None => Err(mistake(
            format!("bearer needs a secret, and got {}", described(&token)),
            "such as bearer(secret(\"CRM_TOKEN\"))",
        )),
    });
}

/// Registers what a secret is: nothing that can be read.
pub fn register_type(engine: &mut Engine) {
    engine.register_type_with_name::<Secret>("secret");
    engine.register_fn("to_string", |_: &mut Secret| STARS.to_string());
    engine.register_fn("to_debug", |_: &mut Secret| STARS.to_string());
    engine.register_fn("==", |one: Secret, two: Secret| one == two);
    engine.register_fn("!=", |one: Secret, two: Secret| one != two);
    engine.register_fn("+", |_: Secret, _: Dynamic| joined());
    engine.register_fn("+", |_: ImmutableString, _: Secret| joined());
    // Back-ticks with ${…} in them are put together by this one.
    engine.register_fn("+=", |_: &mut ImmutableString, _: Secret| -> Result<(), Raised> {
        joined().map(|_| ())
    });
}

fn joined() -> Result<Dynamic, Raised> {
    Err(mistake(
        "a secret cannot be put into a text",
        "give it as it is: as an address, or as the value of a header; bearer(secret(…)) makes an Authorization header",
    ))
}
