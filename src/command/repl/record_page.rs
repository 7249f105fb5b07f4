//! `:open NAME`: a record in Vitally's own pages, in the browser.

use super::talk::Talk;
use crate::catalogue::Object;
use crate::error::Error;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::ffi::OsStr;

impl Talk {
    /// Shows the record that is called so, has this id, or is what code gives.
    pub(super) fn open_record(&mut self, what: &str) -> Result<(), Error> {
        let (object, id, external_id) = self.record_called(what)?;
        let profile = &self.session.settings.profile;
        let Some(pattern) = &profile.record_url.value else {
            return Err(Error::usage(
                format!("where Vitally shows records of {} is not known", profile.label()),
                "open a record in Vitally, copy the address of that page, and put it into the profile in vitally.toml with \
                 {id} in place of its id: record_url = \"https://…/{id}\" ({objects} stands for its kind, such as accounts)",
            ));
        };
        let address = address(pattern, object, &id, external_id.as_deref().unwrap_or_default());
        self.context.console.say(&address);
        self.open_with_system(OsStr::new(&address), "open the address by hand, or set VITALLY_SCRIPT_OPENER")
    }

    fn record_called(&mut self, what: &str) -> Result<(&'static Object, String, Option<String>), Error> {
        let mut called = self.records.called(what);
        if called.len() > 1 {
            let objects: Vec<&str> = called.iter().map(|(object, _)| object.name).collect();
            return Err(Error::usage(
                format!("{} records are called \"{what}\": {}", called.len(), objects.join(", ")),
                format!("name the one by its id, or with code: :open {}s(#{{}}).find(|r| …)", objects[0]),
            ));
        }
        if let Some((object, name)) = called.pop() {
            return Ok((object, name.id.clone(), name.external_id.clone()));
        }
        let (number, code) = (self.number, what.to_string());
        let is_code = what.contains(['(', '[']);
        match self.walked(move |dialogue| dialogue.record(number, &code)) {
            Ok(Some((object, record))) => {
                let text = |key: &str| record[key].as_str().map(str::to_string);
                match text("id") {
                    Some(id) => Ok((object, id, text("externalId"))),
                    None => Err(no_record(what)),
                }
            }
            Err(error) if is_code => Err(error),
            Ok(None) | Err(_) => Err(no_record(what)),
        }
    }
}

fn no_record(what: &str) -> Error {
    Error::usage(
        format!("\"{what}\" is no record that was read here"),
        "give its name or id as it was shown before, or code: :open it, :open get_account(ext(\"acct-1\"))",
    )
}

/// The address of a record's page.
fn address(pattern: &str, object: &Object, id: &str, external_id: &str) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    // An id is of letters, digits and dashes, and looks like itself in an address.
    let id = encoded(id).replace("%2D", "-");
    let external_id = encoded(external_id).replace("%2D", "-");
    let objects = object.lists.first().map_or(object.name, |list| list.name);
    let places =
        [("{objects}", objects), ("{object}", object.name), ("{id}", &id), ("{externalId}", &external_id)];
    places.iter().fold(pattern.to_string(), |address, (place, text)| address.replace(place, text))
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::catalogue;

    #[test]
    fn every_place_is_filled_in() {
        let account = catalogue::object("account").expect("it is there");
        let pattern = "https://acme.example/{objects}/{id}?own={externalId}&kind={object}";
        assert_eq!(
            address(pattern, account, "6f1c-2", "Größe 1/2"),
            "https://acme.example/accounts/6f1c-2?own=Gr%C3%B6%C3%9Fe%201%2F2&kind=account"
        );
    }
}
