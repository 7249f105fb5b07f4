//! Who may get mails from scripts: the addresses and domains that the settings name.

/// The addresses that scripts may write to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Everybody,
    /// Everybody whose address ends so: `@example.com`.
    Domain(String),
    /// Exactly this address.
    Address(String),
}

impl Recipients {
    /// Reads entries such as `@example.com`, `sam@example.com` or `*`; `None` if one is none of these.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Recipients> {
        texts.into_iter().map(Entry::parse).collect::<Option<Vec<_>>>().map(Recipients)
    }

    /// Whether an address may get mails.
    pub fn permit(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        self.0.iter().any(|entry| match entry {
            Entry::Everybody => true,
            Entry::Domain(domain) => address.rsplit_once('@').is_some_and(|(_, own)| own == domain),
            Entry::Address(known) => *known == address,
        })
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Entry> {
        let text = text.trim().to_lowercase();
        if text == "*" {
            return Some(Entry::Everybody);
        }
        let (name, domain) = text.rsplit_once('@')?;
        if domain.is_empty() || text.contains([' ', '*', '<', '>', ',']) {
            return None;
        }
        Some(if name.is_empty() { Entry::Domain(domain.into()) } else { Entry::Address(text) })
    }
}
