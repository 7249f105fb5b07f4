//! Other profiles, and records that a script completes by itself.

use super::super::host::Host;
use super::super::raise::{Raised, mistake};
use super::super::record::Record;
use super::super::tenant::Tenant;
use super::super::value;
use super::{Entry, entry};
use rhai::{Dynamic, Engine};
use serde_json::Value;
use std::rc::Rc;

/// What `docs` shows.
pub const ENTRIES: &[Entry] = &[
    entry(
        "profile",
        "profile(name)",
        "Another profile; every action and list is a method of it: profile(\"eu\").get_account(id)",
        "print(profile(\"demo\").get_account(ext(\"acct-1\")).name);",
    ),
    entry(
        "ext",
        "ext(your_id)",
        "Says that an id is your own externalId, not Vitally's",
        "print(get_account(ext(\"acct-1\")).name);",
    ),
    entry(
        "with_field",
        "with_field(record, name, value)",
        "A copy of a record or a row with one more field, or another value in it; Vitally is not touched",
        "print(with_field(get_account(ext(\"acct-1\")), \"checked\", true).checked);",
    ),
];

/// Registers the functions.
pub fn register(engine: &mut Engine, host: &Rc<Host>) {
    engine.register_type_with_name::<Tenant>("Profile");
    engine.register_fn("to_string", |tenant: &mut Tenant| format!("profile \"{}\"", tenant.name));
    engine.register_fn("to_debug", |tenant: &mut Tenant| format!("profile \"{}\"", tenant.name));
    engine.register_get("name", |tenant: &mut Tenant| tenant.name.to_string());
    let host = Rc::clone(host);
    engine.register_fn("profile", move |name: &str| -> Result<Tenant, Raised> {
        if name == &*host.tenant.name {
            return Ok(host.tenant.clone());
        }
        if let Some(tenant) = host.opened.borrow().get(name) {
            return Ok(tenant.clone());
        }
        let tenant = (host.open_profile)(name)
            .map_err(|message| mistake(message.text, message.help.unwrap_or_default()))?;
        tenant.of_run().follow(&host.tenant.of_run());
        if let Some(deliveries) = &host.deliveries
            && let Some(gate) = deliveries
                .open_other(name, &tenant.of_run())
                .map_err(|message| mistake(message.text, message.help.unwrap_or_default()))?
        {
            tenant.begin_call(gate);
        }
        host.opened.borrow_mut().insert(name.to_string(), tenant.clone());
        Ok(tenant)
    });
    engine.register_fn(
        "with_field",
        |record: Record, name: &str, value: Dynamic| -> Result<Record, Raised> {
            let mut whole = record.to_value();
            if let Value::Object(fields) = &mut whole {
                fields.insert(name.to_string(), value::to_json(&value)?);
            }
            record.with_body(whole.to_string().into_bytes()).map_err(|cause| {
                mistake(format!("the record cannot take that field: {cause}"), "give it a plain value")
            })
        },
    );
}
