//! The tests of `where` that need no function: a field, a comparison, a value.

use super::equal;
use super::path::{Path, Scalar};
use super::raise::{Raised, mistake};
use super::words::{described, did_you_mean};
use rhai::{Array, Dynamic, Map};
use std::cmp::Ordering;

/// Conditions that must all hold.
pub struct Conditions(Vec<Condition>);

struct Condition {
    path: Path,
    relation: Relation,
    wanted: Dynamic,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    OneOf,
    Contains,
}

const RELATIONS: &[(&str, Relation)] = &[
    ("==", Relation::Equal),
    ("!=", Relation::Unequal),
    ("<", Relation::Less),
    ("<=", Relation::AtMost),
    (">", Relation::More),
    (">=", Relation::AtLeast),
    ("in", Relation::OneOf),
    ("contains", Relation::Contains),
];

impl Conditions {
    /// A field that equals a value.
    pub fn equal(field: &str, wanted: Dynamic) -> Conditions {
        Conditions(vec![Condition { path: Path::new(field), relation: Relation::Equal, wanted }])
    }

    /// Fields that each equal a value.
    pub fn all_equal(fields: &Map) -> Conditions {
        let conditions = fields.iter().map(|(field, wanted)| Condition {
            path: Path::new(field),
            relation: Relation::Equal,
            wanted: wanted.flatten_clone(),
        });
        Conditions(conditions.collect())
    }

    /// A field that stands in a relation to a value.
    pub fn related(field: &str, relation: &str, wanted: Dynamic) -> Result<Conditions, Raised> {
        let words = || RELATIONS.iter().map(|(word, _)| *word);
        let Some((_, relation)) = RELATIONS.iter().find(|(word, _)| *word == relation) else {
            return Err(mistake(
                format!("where knows no comparison \"{relation}\"{}", did_you_mean(relation, words())),
                format!("it knows: {}", words().collect::<Vec<_>>().join(" ")),
            ));
        };
        if *relation == Relation::OneOf && !wanted.is::<Array>() {
            return Err(mistake(
                format!("where(\"{field}\", \"in\", …) needs a list, and got {}", described(&wanted)),
                format!("such as where(\"{field}\", \"in\", [\"a\", \"b\"])"),
            ));
        }
        let ordered =
            !matches!(relation, Relation::Equal | Relation::Unequal | Relation::OneOf | Relation::Contains);
        if ordered
            && !Scalar::with(&wanted, |it| {
                matches!(it, Scalar::Integer(_) | Scalar::Number(_) | Scalar::Text(_))
            })
        {
            return Err(mistake(
                format!("where cannot order \"{field}\" against {}", described(&wanted)),
                "give a number or a text; for other things give a function: where(|item| …)",
            ));
        }
        Ok(Conditions(vec![Condition { path: Path::new(field), relation: *relation, wanted }]))
    }

    /// Whether an item fulfils every condition.
    pub fn passes(&self, item: &Dynamic) -> Result<bool, Raised> {
        for condition in &self.0 {
            if !condition.holds(item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Condition {
    fn holds(&self, item: &Dynamic) -> Result<bool, Raised> {
        match self.relation {
            Relation::OneOf => {
                let value = self.path.value(item)?;
                let list = self.wanted.read_lock::<Array>();
                Ok(list.is_some_and(|list| list.iter().any(|wanted| equal::same(&value, wanted))))
            }
            Relation::Contains => Ok(self.contains(&self.path.value(item)?)),
            Relation::Equal | Relation::Unequal => {
                let wants = self.relation == Relation::Equal;
                Ok(self.equals(item)? == wants)
            }
            _ => self.ordered(item),
        }
    }

    fn contains(&self, value: &Dynamic) -> bool {
        if let Ok(text) = value.as_immutable_string_ref() {
            return Scalar::with(
                &self.wanted,
                |wanted| matches!(wanted, Scalar::Text(wanted) if text.contains(wanted)),
            );
        }
        value.read_lock::<Array>().is_some_and(|list| list.iter().any(|it| equal::same(it, &self.wanted)))
    }

    fn equals(&self, item: &Dynamic) -> Result<bool, Raised> {
        let seen = self.path.scalar(item, |field| {
            Scalar::with(&self.wanted, |wanted| match (field, wanted) {
                (Scalar::Other, _) | (_, Scalar::Other) => None,
                (Scalar::Empty, Scalar::Empty) => Some(Ok(true)),
                (Scalar::Bool(one), Scalar::Bool(two)) => Some(Ok(one == two)),
                (one, two) if one.is_kin(two) => Some(Ok(one.order(two) == Some(Ordering::Equal))),
                (one, two) if one.clashes(two) => Some(Err(())),
                _ => Some(Ok(false)),
            })
        })?;
        match seen {
            Some(Ok(equal)) => Ok(equal),
            Some(Err(())) => Err(self.mixed(item)),
            None => Ok(equal::same(&self.path.value(item)?, &self.wanted)),
        }
    }

    fn ordered(&self, item: &Dynamic) -> Result<bool, Raised> {
        let order = self.path.scalar(item, |field| {
            Scalar::with(&self.wanted, |wanted| match field {
                Scalar::Empty => Ok(None),
                _ if field.is_kin(wanted) => Ok(field.order(wanted)),
                _ => Err(()),
            })
        })?;
        let order = order.map_err(|()| self.mixed(item))?;
        Ok(order.is_some_and(|order| match self.relation {
            Relation::Less => order.is_lt(),
            Relation::AtMost => order.is_le(),
            Relation::More => order.is_gt(),
            _ => order.is_ge(),
        }))
    }

    fn mixed(&self, item: &Dynamic) -> Raised {
        let name = self.path.name();
        let value = self.path.value(item).unwrap_or_default();
        mistake(
            format!(
                "where cannot compare \"{name}\", {} here, with {}",
                described(&value),
                described(&self.wanted)
            ),
            format!("turn one into the kind of the other, such as where(|item| num(item.{name}) > 5)"),
        )
    }
}

impl Scalar<'_> {
    /// Whether both are numbers or both are texts.
    pub fn is_kin(self, other: Scalar) -> bool {
        matches!((self, other), (Scalar::Text(_), Scalar::Text(_))) || (self.is_number() && other.is_number())
    }

    /// Whether one is a number and the other a text.
    pub fn clashes(self, other: Scalar) -> bool {
        matches!((self, other), (Scalar::Text(_), it) | (it, Scalar::Text(_)) if it.is_number())
    }

    fn is_number(self) -> bool {
        matches!(self, Scalar::Integer(_) | Scalar::Number(_))
    }

    /// The order of two numbers or two texts.
    pub fn order(self, other: Scalar) -> Option<Ordering> {
        match (self, other) {
            (Scalar::Integer(one), Scalar::Integer(two)) => Some(one.cmp(&two)),
            (Scalar::Text(one), Scalar::Text(two)) => Some(one.cmp(two)),
            (one, two) => {
                let (one, two) = (one.number()?, two.number()?);
                if equal::close(one, two) { Some(Ordering::Equal) } else { one.partial_cmp(&two) }
            }
        }
    }

    fn number(self) -> Option<f64> {
        match self {
            Scalar::Integer(number) => Some(number as f64),
            Scalar::Number(number) => Some(number),
            _ => None,
        }
    }
}
