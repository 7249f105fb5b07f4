//! Another profile in the same dialogue: it begins anew, so that no record of one tenant is taken for one of another.

use super::Next;
use super::talk::Talk;
use crate::error::Error;
use crate::show;
use serde_json::Value;

impl Talk {
    /// The profiles, or goes on with another one.
    pub(super) fn profile(&mut self, name: &str) -> Result<Next, Error> {
        let (console, settings) = (&self.context.console, &self.session.settings);
        if name.is_empty() {
            let columns = ["profile", "tenant", ""].map(String::from).to_vec();
            let mut names = settings.sources.names();
            if !names.contains(&settings.profile.name) {
                names.insert(0, settings.profile.name.clone());
            }
            let rows: Vec<Vec<Value>> = names
                .into_iter()
                .map(|name| {
                    let here = if name == settings.profile.name { "here" } else { "" };
                    let label = if here.is_empty() {
                        settings.other(&name).map(|profile| profile.label()).unwrap_or_default()
                    } else {
                        settings.profile.label()
                    };
                    vec![name.into(), label.into(), if here.is_empty() { Value::Null } else { here.into() }]
                })
                .collect();
            console.line(&show::table(&columns, &rows, console.width()));
            return Ok(Next::Go);
        }
        if !self.collected.is_empty() {
            return Err(Error::usage(
                format!("what is collected for \"{}\" was not sent", settings.profile.name),
                ":apply sends what is collected, :discard drops it",
            ));
        }
        if self.context.global.demo {
            return Err(Error::usage(
                format!("there is no profile \"{name}\" in the demo"),
                "leave out --demo to use the profiles of vitally.toml",
            ));
        }
        let talk = Talk::open(self.context_for(name)?, &self.options, self.is_person)?;
        Ok(Next::Switch(Box::new(talk)))
    }
}
