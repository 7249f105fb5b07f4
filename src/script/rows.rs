//! What verbs work on: the items of an array, or of a lazy list as they arrive.

use super::callback::{Callback, parameters};
use super::list::List;
use super::path::{Path, Scalar};
use super::raise::{Raised, mistake};
use super::words::described;
use rhai::{Array, Dynamic, DynamicReadLock, Engine, FnPtr, NativeCallContext};
use std::ops::ControlFlow::{self, Break, Continue};
use std::rc::Weak;

/// Items, wherever they are.
#[derive(Clone, Copy)]
pub enum Rows<'a> {
    /// In an array.
    Array(&'a [Dynamic]),
    /// Still to be fetched.
    List(&'a List),
}

impl Rows<'_> {
    /// Shows the items one by one with their places, until `visit` breaks off; no further page is fetched then.
    pub fn visit(
        self,
        mut visit: impl FnMut(&Dynamic, usize) -> Result<ControlFlow<()>, Raised>,
    ) -> Result<(), Raised> {
        match self {
            Rows::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    if visit(item, place)?.is_break() {
                        break;
                    }
                }
            }
            Rows::List(list) => {
                for (place, item) in list.items().enumerate() {
                    if visit(&item?, place)?.is_break() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Shows every item.
    pub fn each(self, mut visit: impl FnMut(&Dynamic, usize) -> Result<(), Raised>) -> Result<(), Raised> {
        self.visit(|item, place| visit(item, place).map(Continue))
    }

    /// The first item that passes.
    pub fn find(
        self,
        mut test: impl FnMut(&Dynamic, usize) -> Result<bool, Raised>,
    ) -> Result<Option<Dynamic>, Raised> {
        let mut found = None;
        self.visit(|item, place| {
            if !test(item, place)? {
                return Ok(Continue(()));
            }
            found = Some(item.clone());
            Ok(Break(()))
        })?;
        Ok(found)
    }

    /// All of them.
    pub fn to_array(self) -> Result<Array, Raised> {
        match self {
            Rows::Array(items) => Ok(items.to_vec()),
            Rows::List(list) => list.items().collect(),
        }
    }
}

/// One call of a verb.
pub struct Call<'a> {
    /// Where it was called.
    pub context: &'a NativeCallContext<'a>,
    /// The engine, for lists that call functions later.
    pub engine: &'a Weak<Engine>,
    /// What it works on.
    pub rows: Rows<'a>,
    /// What else it was given.
    pub values: &'a [Dynamic],
}

/// What a verb looks at in each item.
pub enum By<'a> {
    /// The item itself.
    Item,
    /// A field.
    Field(Path),
    /// What a function gives.
    Function(Callback<'a>),
}

impl<'a> Call<'a> {
    /// The verb's name.
    pub fn verb(&self) -> &str {
        self.context.fn_name()
    }

    /// The function given at a place, if it is one.
    pub fn function(&self, place: usize, values: usize) -> Result<Option<Callback<'a>>, Raised> {
        let function = self.values.get(place).and_then(Dynamic::read_lock::<FnPtr>);
        function.map(|function| Callback::new(self.context, &function, values)).transpose()
    }

    /// The function given first, if it is one.
    pub fn given_function(&self) -> Option<DynamicReadLock<'a, FnPtr>> {
        self.values.first()?.read_lock::<FnPtr>()
    }

    /// How many values the function given first takes, if it is one that the script wrote.
    pub fn given_parameters(&self) -> Option<usize> {
        parameters(self.context, &*self.given_function()?).next()
    }

    /// The function that must be given first.
    pub fn needed_function(&self, values: usize) -> Result<Callback<'a>, Raised> {
        self.function(0, values)?.ok_or_else(|| {
            let given = self.values.first().map_or("nothing".into(), described);
            mistake(
                format!("{} needs a function, and got {given}", self.verb()),
                format!("such as {}(|item| …)", self.verb()),
            )
        })
    }

    /// What the value at a place says to look at; nothing there means the item itself.
    pub fn by(&self, place: usize) -> Result<By<'a>, Raised> {
        let Some(value) = self.values.get(place) else { return Ok(By::Item) };
        if let Some(function) = self.function(place, 1)? {
            return Ok(By::Function(function));
        }
        if let Ok(field) = value.as_immutable_string_ref() {
            return Ok(By::Field(Path::new(&field)));
        }
        Err(mistake(
            format!("{} needs a field's name or a function, and got {}", self.verb(), described(value)),
            format!("such as {0}(\"name\") or {0}(|item| item.name)", self.verb()),
        ))
    }

    /// The rows given at a place, as they are in memory.
    pub fn other_rows(&self, place: usize) -> Result<Array, Raised> {
        let value = self.values.get(place).cloned().unwrap_or_default();
        if let Some(list) = value.read_lock::<List>() {
            return list.items().collect();
        }
        value.read_lock::<Array>().map(|items| items.clone()).ok_or_else(|| {
            mistake(
                format!("{} needs a list of rows, and got {}", self.verb(), described(&value)),
                "such as accounts(), or what read_csv gives",
            )
        })
    }

    /// The whole number, not below zero, that must be given first.
    pub fn count(&self) -> Result<usize, Raised> {
        let value = self.values.first().cloned().unwrap_or_default();
        value.as_int().ok().and_then(|count| usize::try_from(count).ok()).ok_or_else(|| {
            mistake(
                format!("{} needs a whole number, 0 or more, and got {}", self.verb(), described(&value)),
                format!("such as {}(10)", self.verb()),
            )
        })
    }
}

impl By<'_> {
    /// What it is for an item.
    pub fn value(&self, item: &Dynamic, place: usize) -> Result<Dynamic, Raised> {
        match self {
            By::Item => Ok(item.clone()),
            By::Field(path) => path.value(item),
            By::Function(function) => function.call(item.clone(), place),
        }
    }

    /// What it is for an item, as comparisons see it.
    pub fn scalar<R>(
        &self,
        item: &Dynamic,
        place: usize,
        see: impl FnOnce(Scalar) -> R,
    ) -> Result<R, Raised> {
        match self {
            By::Item => Ok(Scalar::with(item, see)),
            By::Field(path) => path.scalar(item, see),
            By::Function(function) => Ok(Scalar::with(&function.call(item.clone(), place)?, see)),
        }
    }
}
