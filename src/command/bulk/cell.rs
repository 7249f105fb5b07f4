//! A cell as the value that its field or trait takes. An empty cell says nothing; only the word CLEAR erases.

use super::columns::Target;
use super::traits::{Trait, TraitType};
use crate::catalogue::{Effect, Field, Kind};
use crate::script::library::cells::Type;
use crate::script::library::numbers;
use crate::script::value;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The word that erases.
const CLEAR: &str = "CLEAR";

/// What cells are read with.
pub struct Reading<'a> {
    /// What is done with them.
    pub effect: Effect,
    /// The zone of days.
    pub zone: &'a TimeZone,
    /// The order of day, month and year, if one was said.
    pub order: Option<&'static str>,
    /// The sign before the decimals of numbers.
    pub decimal: char,
}

impl Reading<'_> {
    /// The value of a cell; `None` if it says nothing. The error says what it should be.
    pub fn value(&self, target: &Target, cell: &Value) -> Result<Option<Value>, String> {
        let text = text_of(cell);
        if text.trim().is_empty() {
            return Ok(None);
        }
        if text.trim() == CLEAR {
            return self.cleared(target);
        }
        let value = match target {
            Target::Field(field) => self.field(field, cell, &text)?,
            Target::Trait(found) => self.of_trait(found, cell, &text)?,
        };
        Ok(Some(value))
    }

    fn cleared(&self, target: &Target) -> Result<Option<Value>, String> {
        match target {
            _ if self.effect == Effect::Create => Ok(None),
            Target::Field(field) if !field.access.null => {
                Err(format!("{} can never be empty, so it cannot be cleared", field.name))
            }
            _ => Ok(Some(Value::Null)),
        }
    }

    fn field(&self, field: &Field, cell: &Value, text: &str) -> Result<Value, String> {
        match field.kind {
            Kind::Text | Kind::Html => Ok(text.into()),
            Kind::Id => Ok(text.trim().into()),
            Kind::Number => self.number(cell, text),
            Kind::Integer => {
                let number = self.number(cell, text)?;
                let whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
                if whole { Ok(number) } else { Err(format!("\"{text}\" is not a whole number")) }
            }
            Kind::Boolean => self.typed(Type::YesNo, cell, text),
            Kind::Texts | Kind::Ids => {
                let list = self.typed(Type::List, cell, text)?;
                let texts = list.as_array().into_iter().flatten().map(|item| Value::from(text_of(item)));
                Ok(texts.collect())
            }
            Kind::Date => self.day(text),
            Kind::DateTime => self.time(text),
            Kind::Choice(words) => {
                let word = words.iter().find(|word| word.eq_ignore_ascii_case(text.trim()));
                let word = word.ok_or_else(|| format!("\"{text}\" is not one of: {}", words.join(", ")))?;
                Ok((*word).into())
            }
            _ => serde_json::from_str(text)
                .map_err(|_| format!("\"{text}\" is not {} as JSON", field.kind.words())),
        }
    }

    fn of_trait(&self, found: &Trait, cell: &Value, text: &str) -> Result<Value, String> {
        match found.kind {
            TraitType::Number => self.number(cell, text),
            TraitType::YesNo => self.typed(Type::YesNo, cell, text),
            TraitType::Date => self.time(text),
            TraitType::Text if !found.choices.is_empty() => {
                let is_it = |(label, value): &&(String, String)| {
                    [label, value].iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
                };
                let chosen = found.choices.iter().find(is_it);
                Ok(chosen.map_or(text.trim(), |(_, value)| value.as_str()).into())
            }
            TraitType::Text if found.new => Ok(cell.clone()),
            TraitType::Text => Ok(text.into()),
        }
    }

    fn number(&self, cell: &Value, text: &str) -> Result<Value, String> {
        if cell.is_number() {
            return Ok(cell.clone());
        }
        let number =
            numbers::parsed(text.trim(), self.decimal).and_then(|number| value::to_json(&number).ok());
        number.ok_or_else(|| {
            let help = match self.decimal {
                ',' => "numbers look like 1200, 1.200,50, €1.200, 12% or (1.200)",
                _ => "numbers look like 1200, 1,200.50, £1,200, 12% or (1,200); for a comma before the decimals, --decimal ,",
            };
            format!("\"{text}\" is not a number; {help}")
        })
    }

    fn typed(&self, kind: Type, cell: &Value, text: &str) -> Result<Value, String> {
        if kind == Type::YesNo && cell.is_boolean() {
            return Ok(cell.clone());
        }
        kind.read(text, self.zone).map_err(|(what, help)| format!("{what}; {help}"))
    }

    fn day(&self, text: &str) -> Result<Value, String> {
        if text.trim().parse::<Timestamp>().is_ok() {
            return Ok(text.trim().into());
        }
        Type::Date(self.order).read(text, self.zone).map_err(|(what, _)| {
            let help = "days look like 2026-12-01; for others say --dates DMY, MDY or YMD";
            format!("{what}; {help}")
        })
    }

    /// A day where Vitally keeps a time means the start of that day.
    fn time(&self, text: &str) -> Result<Value, String> {
        let day = self.day(text)?;
        let text = day.as_str().unwrap_or_default();
        Ok(if text.len() == 10 { format!("{text}T00:00:00.000Z").into() } else { day.clone() })
    }
}

/// The text of a cell as a person reads it.
pub fn text_of(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
