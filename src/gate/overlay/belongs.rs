//! Which list a record stands in: the filters of the query, and the record the list is narrowed to.

use super::learnt::{self, Links};
use super::{Overlay, text_of, texts};
use crate::catalogue;
use crate::gate::ask::Listing;
use crate::gate::change::Fields;
use serde_json::Value;

impl Overlay {
    /// Whether a list shows a record like this.
    pub(super) fn belongs(&self, listing: &Listing, record: &Fields) -> bool {
        self.passes(listing, record)
            && listing.within.as_ref().is_none_or(|(kind, key)| self.is_within(listing, kind, key, record))
    }

    fn passes(&self, listing: &Listing, record: &Fields) -> bool {
        let param =
            |name: &str| listing.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let set = |name: &str| record.get(name).is_some_and(|value| !value.is_null());
        let object = listing.object;
        // Meetings are not changed here, and their "archived" means something else.
        if object.field("archivedAt").is_some()
            && object.name != "meeting"
            && set("archivedAt") != (param("archived") == Some("true"))
        {
            return false;
        }
        match object.name {
            "account" if listing.within.is_none() => match param("status") {
                Some("churned") => set("churnedAt"),
                Some("activeOrChurned") => true,
                _ => !set("churnedAt"),
            },
            "task" | "note" => param("source").is_none_or(|source| {
                text_of(record, "source").is_some_and(|own| own.eq_ignore_ascii_case(source))
            }),
            "nps_response" if listing.within.is_none() => {
                let links = text_of(record, "userId").and_then(|user| self.links_of(user));
                match param("target") {
                    Some("organization" | "organizations") => {
                        links.is_some_and(|links| !links.organizations.is_empty())
                    }
                    _ => links.is_none_or(|links| !links.accounts.is_empty()),
                }
            }
            _ => true,
        }
    }

    fn is_within(&self, listing: &Listing, kind: &str, key: &str, record: &Fields) -> bool {
        let names = |field: &str, embedded: &str| {
            text_of(record, field).is_some_and(|id| self.same(kind, id, key))
                || (record.contains_key(field)
                    && record.get(embedded).is_some_and(|one| one["externalId"].as_str() == Some(key)))
        };
        let among = |ids: &[String]| ids.iter().any(|id| self.same(kind, id, key));
        let is_account = kind == "account";
        match (listing.object.name, kind) {
            ("task" | "note" | "project", "account") => names("accountId", "account"),
            ("task" | "note" | "project", "organization") => {
                names("organizationId", "organization")
                    || text_of(record, "accountId")
                        .and_then(|account| self.organization_of(account)?)
                        .is_some_and(|id| self.same(kind, &id, key))
            }
            ("account", "organization") => names("organizationId", "organization"),
            ("custom_object_instance", "custom_object") => names("customObjectId", ""),
            ("user", _) => self.reaches(&self.completed(learnt::links_of(record)), is_account, &among),
            ("nps_response", _) => text_of(record, "userId")
                .and_then(|user| self.links_of(user))
                .is_some_and(|links| self.reaches(&links, is_account, &among)),
            ("conversation", _) => texts(record.get("users"), "id")
                .iter()
                .filter_map(|user| self.links_of(user))
                .any(|links| self.reaches(&links, is_account, &among)),
            _ => false,
        }
    }

    #[allow(clippy::unused_self, reason = "reads as the others do")]
    fn reaches(&self, links: &Links, is_account: bool, among: &dyn Fn(&[String]) -> bool) -> bool {
        if is_account { among(&links.accounts) } else { among(&links.organizations) || among(&links.above) }
    }

    /// Where a user belongs, as far as this run knows.
    pub(super) fn links_of(&self, user: &str) -> Option<Links> {
        let mut links = self.learnt.links(&self.canonical("user", user)).cloned();
        let place = self.place("user", user);
        if let (Some(place), Some(object)) = (place, catalogue::object("user")) {
            let base = links.clone();
            let record = self.record_of(object, place, None);
            links = Some(learnt::links_of(&record)).filter(|_| record.contains_key("accounts")).or(base);
        }
        links.map(|links| self.completed(links))
    }

    /// The organizations of accounts that were embedded without naming them, and without what is gone.
    fn completed(&self, mut links: Links) -> Links {
        links.accounts.retain(|id| !self.is_gone("account", id));
        links.organizations.retain(|id| !self.is_gone("organization", id));
        let above = links.accounts.iter().filter_map(|id| self.organization_of(id)?);
        let above: Vec<String> = above.filter(|id| !links.above.contains(id)).collect();
        links.above.extend(above);
        links
    }
}

/// Whether an e-mail address is at this domain.
pub(super) fn is_at(email: Option<&Value>, domain: &str) -> bool {
    let own = email.and_then(Value::as_str).and_then(|email| email.rsplit_once('@'));
    own.is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain))
}
