//! The one table of objects, fields, actions, lists and triggers. Everything else is derived from it.
//!
//! To add an object, write its page and name it in [`OBJECTS`]. Facts come from the working reference of the
//! Vitally REST API; where a fact is not documented by Vitally, the page says so.

mod account;
pub mod action;
mod admin;
mod conversation;
mod custom_field;
mod custom_object;
mod custom_object_instance;
pub mod field;
pub mod list;
mod meeting;
mod message;
mod note;
mod nps_response;
mod organization;
mod project;
mod survey;
mod task;
pub mod trigger;
mod user;

pub use action::{Action, Answer, Effect, Method, Thing, Undo};
pub use custom_field::MODELS;
pub use field::{Access, Field, Kind};
pub use list::{Envelope, Filter, List};
pub use trigger::{Detect, Trigger};

/// A kind of record.
#[derive(Debug)]
pub struct Object {
    /// The singular, as in `get_account` and `fields account`.
    pub name: &'static str,
    /// One line for people.
    pub doc: &'static str,
    /// Its fields, in the order people want to see them.
    pub fields: &'static [Field],
    /// Its lists.
    pub lists: &'static [List],
    /// Its actions.
    pub actions: &'static [Action],
    /// Its triggers.
    pub triggers: &'static [Trigger],
}

/// Every object, in the order of the reference.
pub const OBJECTS: &[&Object] = &[
    &organization::PAGE,
    &account::PAGE,
    &user::PAGE,
    &admin::PAGE,
    &task::PAGE,
    &task::CATEGORY,
    &note::PAGE,
    &note::CATEGORY,
    &project::PAGE,
    &project::TEMPLATE,
    &project::CATEGORY,
    &nps_response::PAGE,
    &conversation::PAGE,
    &message::PAGE,
    &custom_object::PAGE,
    &custom_object_instance::PAGE,
    &custom_field::PAGE,
    &meeting::PAGE,
    &survey::RESPONSE,
    &survey::QUESTION,
];

impl Object {
    /// The field with this key.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The object with this singular name, or whose list has this plural name.
pub fn object(name: &str) -> Option<&'static Object> {
    OBJECTS
        .iter()
        .copied()
        .find(|object| object.name == name || object.lists.iter().any(|list| list.name == name))
}

/// Every action with its object.
pub fn actions() -> impl Iterator<Item = (&'static Object, &'static Action)> {
    OBJECTS.iter().flat_map(|object| object.actions.iter().map(move |action| (*object, action)))
}

/// Every list with its object.
pub fn lists() -> impl Iterator<Item = (&'static Object, &'static List)> {
    OBJECTS.iter().flat_map(|object| object.lists.iter().map(move |list| (*object, list)))
}

/// Every trigger with its object.
pub fn triggers() -> impl Iterator<Item = (&'static Object, &'static Trigger)> {
    OBJECTS.iter().flat_map(|object| object.triggers.iter().map(move |trigger| (*object, trigger)))
}
