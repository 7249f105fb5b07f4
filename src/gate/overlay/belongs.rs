//! Which list a record stands in: the filters of the query, and the record the list is narrowed to.

use super::learnt::{self, Links};
use super::{Overlay, text_of, texts};
use crate::catalogue;
use crate::gate::ask::Listing;
use crate::gate::change::Fields;
use serde_json::Value;

/// Whose knowledge of other records counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Vitally's, which knows nothing of this run.
    Vitally,
    /// That of this run.
    Run,
}

impl Overlay {
    /// Whether a list shows a record like this.
    pub(super) fn belongs(&self, listing: &Listing, record: &Fields, view: View) -> bool {
        self.passes(listing, record, view)
            && listing
                .within
                .as_ref()
                .is_none_or(|(kind, key)| self.is_within(listing, (kind, key), record, view))
    }

    fn passes(&self, listing: &Listing, record: &Fields, view: View) -> bool {
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
                let links = text_of(record, "userId").and_then(|user| self.links_of(user, view));
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

    fn is_within(&self, listing: &Listing, (kind, key): (&str, &str), record: &Fields, view: View) -> bool {
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
                        .and_then(|account| self.organization_in(view, account)?)
                        .is_some_and(|id| self.same(kind, &id, key))
            }
            ("account", "organization") => names("organizationId", "organization"),
            ("custom_object_instance", "custom_object") => names("customObjectId", ""),
            ("user", _) => {
                let shown = reaches(&self.completed(learnt::links_of(record), view), is_account, &among);
                // A record that is kept was read with the changes of this run, and may lack links that Vitally has.
                let id = text_of(record, "id").filter(|_| view == View::Vitally);
                let learnt = id.and_then(|id| self.learnt.links(id)).cloned();
                shown || learnt.is_some_and(|links| reaches(&self.completed(links, view), is_account, &among))
            }
            ("nps_response", _) => text_of(record, "userId")
                .and_then(|user| self.links_of(user, view))
                .is_some_and(|links| reaches(&links, is_account, &among)),
            ("conversation", _) => texts(record.get("users"), "id")
                .iter()
                .filter_map(|user| self.links_of(user, view))
                .any(|links| reaches(&links, is_account, &among)),
            _ => false,
        }
    }

    /// Where a user belongs, as far as this run knows.
    pub(super) fn links_of(&self, user: &str, view: View) -> Option<Links> {
        if view == View::Vitally
            && let Some(links) = self.learnt.links(&self.canonical("user", user))
        {
            return Some(self.completed(links.clone(), view));
        }
        let mut links = self.own_links_of(user)?;
        let before = links.accounts.len();
        links.accounts.retain(|id| !self.is_gone("account", id));
        if links.accounts.len() < before {
            // Which organization was reached through which account is not kept.
            links.above.clear();
        }
        links.organizations.retain(|id| !self.is_gone("organization", id));
        Some(self.completed(links, view))
    }

    /// The same with accounts and organizations that this run deleted.
    fn own_links_of(&self, user: &str) -> Option<Links> {
        let learnt = self.learnt.links(&self.canonical("user", user)).cloned();
        let kept = self.place("user", user).zip(catalogue::object("user"));
        let kept = kept.map(|(place, object)| self.record_of(object, place, None));
        let Some(kept) = kept.filter(|user| user.contains_key("accounts")) else { return learnt };
        let mut links = learnt.unwrap_or_default();
        let kept = learnt::links_of(&kept);
        for (all, more) in [
            (&mut links.accounts, kept.accounts),
            (&mut links.organizations, kept.organizations),
            (&mut links.above, kept.above),
        ] {
            let more: Vec<String> = more.into_iter().filter(|id| !all.contains(id)).collect();
            all.extend(more);
        }
        Some(links)
    }

    #[allow(
        clippy::option_option,
        reason = "the outer None is \"not known here\", the inner one is an answer"
    )]
    fn organization_in(&self, view: View, account: &str) -> Option<Option<String>> {
        let learnt = self.learnt.organization(&self.canonical("account", account));
        learnt.filter(|_| view == View::Vitally).or_else(|| self.organization_of(account))
    }

    /// The organizations of accounts that were embedded without naming them.
    fn completed(&self, mut links: Links, view: View) -> Links {
        let above = links.accounts.iter().filter_map(|id| self.organization_in(view, id)?);
        let above: Vec<String> = above.filter(|id| !links.above.contains(id)).collect();
        links.above.extend(above);
        links
    }
}

fn reaches(links: &Links, is_account: bool, among: &dyn Fn(&[String]) -> bool) -> bool {
    if is_account { among(&links.accounts) } else { among(&links.organizations) || among(&links.above) }
}

/// Whether an e-mail address is at this domain.
pub(super) fn is_at(email: Option<&Value>, domain: &str) -> bool {
    let own = email.and_then(Value::as_str).and_then(|email| email.rsplit_once('@'));
    own.is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain))
}
