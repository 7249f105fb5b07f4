//! A record as scripts hold it: a cheap handle to one object of a page.

use super::raise::{Raised, mistake};
use super::thing::{spoken, with_article};
use super::words::did_you_mean;
use crate::catalogue::{self, Effect, Kind, Object};
use crate::gate::Whole;
use crate::tape::{Key, Node, NotJson, Page, Read};
use rhai::{Array, Dynamic};
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// One record, immutable. The objects inside a record, such as its traits, are records too.
#[derive(Clone)]
pub struct Record {
    page: Held,
    node: u32,
    part: Part,
    /// Its kind; for [`Part::Traits`], the kind of the record that the traits belong to.
    object: Option<&'static Object>,
}

/// What an object of a page is to its readers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A record: an unknown field is a mistake.
    Whole,
    /// The traits of a record: any key may be missing.
    Traits,
    /// JSON of a shape that Vitally does not document: any key may be missing.
    Open,
    /// A row of a table that was read from a file: it has the columns of the file and no others.
    Row,
}

/// What makes a page.
type Make = Box<dyn FnOnce() -> Arc<Page> + Send>;

/// The page that a record stands in.
#[derive(Clone)]
enum Held {
    /// It was read.
    Read(Arc<Page>),
    /// It is made when it is looked at for the first time.
    Coming(Arc<LazyLock<Arc<Page>, Make>>),
}

impl Held {
    fn page(&self) -> &Arc<Page> {
        match self {
            Held::Read(page) => page,
            Held::Coming(page) => page,
        }
    }
}

impl Record {
    /// A record at a node of a page; `object` names its fields, if its kind is known.
    pub fn new(page: Arc<Page>, node: u32, object: Option<&'static Object>) -> Record {
        Record { page: Held::Read(page), node, part: Part::Whole, object }
    }

    /// A record whose page is made when it is looked at.
    pub fn coming(
        page: impl FnOnce() -> Arc<Page> + Send + 'static,
        object: Option<&'static Object>,
    ) -> Record {
        let make: Make = Box::new(page);
        let page = Held::Coming(Arc::new(LazyLock::new(make)));
        Record { page, node: 0, part: Part::Whole, object }
    }

    /// A row of a table that was read from a file.
    pub fn row(page: Arc<Page>, node: u32) -> Record {
        Record { page: Held::Read(page), node, part: Part::Row, object: None }
    }

    /// The record that is the whole answer.
    pub fn from_body(body: Vec<u8>, object: Option<&'static Object>) -> Result<Record, NotJson> {
        Ok(Record::new(Page::parse(body)?, 0, object))
    }

    /// What kind of record it is.
    pub fn object(&self) -> Option<&'static Object> {
        self.object.filter(|_| self.part == Part::Whole)
    }

    /// The same kind of record with other fields.
    pub fn with_body(&self, body: Vec<u8>) -> Result<Record, NotJson> {
        Ok(Record { page: Held::Read(Page::parse(body)?), node: 0, part: self.part, object: self.object })
    }

    /// Whether it is a row of a file.
    pub fn is_row(&self) -> bool {
        self.part == Part::Row
    }

    /// Where it stands in its page.
    pub fn node(&self) -> Node<'_> {
        self.page.page().node(self.node)
    }

    /// Vitally's id.
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// A text field.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.node().get(key)?.text()
    }

    /// The whole record for the gate, which looks a few fields up in it.
    pub fn whole(&self) -> Whole {
        Whole::Listed(Arc::clone(self.page.page()), self.node)
    }

    /// The whole record as JSON.
    pub fn to_value(&self) -> Value {
        self.node().to_value()
    }

    /// A field as a script reads it: a documented one that is missing is `()`, an unknown one a mistake.
    pub fn field(&self, name: &str) -> Result<Dynamic, Raised> {
        self.field_by(&Key::new(name))
    }

    /// The same, for a name that is looked up in many records.
    pub fn field_by(&self, key: &Key) -> Result<Dynamic, Raised> {
        match self.find(key) {
            Some(node) => Ok(self.value_of(key.name(), node)),
            None => self.absent(key.name()).map(|()| self.empty(key.name())),
        }
    }

    /// What a field without a value is: `()`, except for traits, which can still be asked.
    fn empty(&self, name: &str) -> Dynamic {
        let field = self.object().and_then(|object| object.field(name));
        let page = field.filter(|field| field.kind == Kind::Traits).map(|_| Page::parse(b"{}".to_vec()));
        match page {
            Some(Ok(page)) => Dynamic::from(Record {
                page: Held::Read(page),
                node: 0,
                part: Part::Traits,
                object: self.object,
            }),
            _ => Dynamic::UNIT,
        }
    }

    /// A field of the payload, whatever it is called.
    pub fn get(&self, name: &str) -> Option<Dynamic> {
        Some(self.value_of(name, self.node().get(name)?))
    }

    /// The node under a key.
    pub fn find(&self, key: &Key) -> Option<Node<'_>> {
        key.find(self.node())
    }

    /// Whether a field that the payload does not have may be missing.
    pub fn absent(&self, name: &str) -> Result<(), Raised> {
        let documented = || self.object.is_some_and(|object| object.field(name).is_some());
        match self.part {
            Part::Row => Err(self.unknown(name)),
            Part::Whole if !documented() => Err(self.unknown(name)),
            _ => Ok(()),
        }
    }

    /// A value of this record as scripts see it.
    pub fn value_of(&self, name: &str, node: Node) -> Dynamic {
        match node.read() {
            Read::List | Read::Object => self.nested(name, node),
            Read::Null => self.empty(name),
            Read::Bool(value) => value.into(),
            Read::Integer(value) => value.into(),
            Read::Large(value) => Dynamic::from_float(value as f64),
            Read::Float(value) => value.into(),
            Read::Text(text) => text.into(),
        }
    }

    fn nested(&self, name: &str, node: Node) -> Dynamic {
        let field = self.object().and_then(|object| object.field(name));
        let (part, object) = match field.map(|field| field.kind) {
            Some(Kind::Traits) => (Part::Traits, self.object),
            Some(Kind::One(name) | Kind::Many(name)) => (Part::Whole, catalogue::object(name)),
            Some(Kind::Participant | Kind::Participants | Kind::Messages) => (Part::Whole, None),
            _ => (Part::Open, None),
        };
        self.inside(node, part, object)
    }

    fn inside(&self, node: Node, part: Part, object: Option<&'static Object>) -> Dynamic {
        match node.items() {
            Some(items) => items.map(|item| self.item(item, part, object)).collect::<Array>().into(),
            None => Dynamic::from(Record { page: self.page.clone(), node: node.index(), part, object }),
        }
    }

    fn item(&self, node: Node, part: Part, object: Option<&'static Object>) -> Dynamic {
        match node.read() {
            Read::List | Read::Object => self.inside(node, part, object),
            _ => self.value_of("", node),
        }
    }

    /// The mistake of reading a field that no such record has.
    fn unknown(&self, name: &str) -> Raised {
        let keys = self.node().entries().into_iter().flatten().map(|(key, _)| key);
        let documented = self.object.map_or(&[][..], |object| object.fields).iter().map(|field| field.name);
        let near = did_you_mean(name, documented.chain(keys.clone()));
        let trait_key = self.node().get("traits").is_some_and(|traits| traits.get(name).is_some());
        let help = match self.object {
            _ if trait_key => format!("it is a trait: write .traits[\"{name}\"]"),
            Some(object) if object.field("traits").is_some() => format!(
                "`vitally-script fields {}` lists its fields; your own fields are in .traits",
                object.name
            ),
            Some(object) => format!("`vitally-script fields {}` lists its fields", object.name),
            None => format!("it has: {}", keys.collect::<Vec<_>>().join(", ")),
        };
        if self.is_row() {
            return mistake(format!("this row has no column \"{name}\"{near}"), help);
        }
        let what = self.object.map_or("this record".into(), |object| with_article(object.name));
        mistake(format!("{what} has no field \"{name}\"{near}"), help)
    }

    /// The mistake of assigning to a field.
    pub fn fixed(&self, name: &str) -> Raised {
        let (message, help) = match self.part {
            Part::Row => assigning(None, name),
            Part::Whole if self.object.is_some() => assigning(self.object, name),
            Part::Traits => (FIXED.into(), to_change(self.object, name, true)),
            Part::Whole | Part::Open => (FIXED.into(), to_change(None, name, false)),
        };
        mistake(message, help)
    }

    /// What a message or a card calls it.
    pub fn title(&self) -> String {
        let kind = match self.part {
            Part::Whole => self.object.map_or("record".into(), |object| spoken(object.name)),
            Part::Traits => "traits".into(),
            Part::Open => "record".into(),
            Part::Row => "row".into(),
        };
        let name = || ["name", "subject", "title", "label", "email"].iter().find_map(|key| self.text(key));
        match name().filter(|_| matches!(self.part, Part::Whole | Part::Row)) {
            Some(name) => format!("{kind} {name}"),
            None => kind,
        }
    }

    /// Whether both are the same place of the same page.
    pub fn is_same(&self, other: &Record) -> bool {
        Arc::ptr_eq(self.page.page(), other.page.page()) && self.node == other.node
    }
}

const FIXED: &str = "a record cannot be changed by assignment";

/// What is wrong with assigning to a field of a record of this kind, or of a row, and what to write.
pub fn assigning(object: Option<&'static Object>, name: &str) -> (String, String) {
    match object {
        Some(object) => (FIXED.into(), to_change(Some(object), name, false)),
        None => (
            "a row cannot be changed by assignment".into(),
            format!("use with_field(row, \"{name}\", value), which gives a changed copy"),
        ),
    }
}

/// How a field or a trait of a record of this kind is changed.
fn to_change(object: Option<&'static Object>, name: &str, of_traits: bool) -> String {
    let Some(object) = object else { return "copy it with .to_map() and change the copy".into() };
    let Some(action) = object.actions.iter().find(|action| action.effect == Effect::Update) else {
        return format!("Vitally does not let scripts change {}", with_article(object.name));
    };
    let parent = action.parent.map_or(String::new(), |parent| format!("{parent}, "));
    let name = if rhai::is_valid_identifier(name) { name.into() } else { format!("\"{name}\"") };
    let fields =
        if of_traits { format!("#{{ traits: #{{ {name}: … }} }}") } else { format!("#{{ {name}: … }}") };
    format!("use {}({parent}{}, {fields})", action.name, object.name)
}
