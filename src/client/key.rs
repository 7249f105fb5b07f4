//! The API key: parsed from whatever a person pastes, held here, shown nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use std::hash::{BuildHasher as _, RandomState};

/// A shorter key is no secret but a test's or the simulator's, and to hide it would garble every text.
const SHORTEST_SECRET: usize = 6;

/// A Vitally secret token.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl ApiKey {
    /// Whether a text is a key of Vitally's by its look, wherever it stands: `sk_live_…`.
    pub fn is_likely(text: &str) -> bool {
        text.trim().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("sk_"))
    }

    /// Reads a key pasted bare, as `Basic …` or as `Authorization: Basic …`. The error says what is wrong
    /// without repeating what was pasted.
    pub fn parse(pasted: &str) -> Result<ApiKey, &'static str> {
        let text = pasted.trim().trim_matches(['"', '\'']);
        let text = strip_word(text, "authorization:").unwrap_or(text);
        let key = match strip_word(text, "basic ") {
            Some(encoded) => {
                let bytes = STANDARD.decode(encoded).map_err(|_| "the part after \"Basic\" is not Base64")?;
                let decoded =
                    String::from_utf8(bytes).map_err(|_| "the part after \"Basic\" is not a key")?;
                decoded.split(':').next().unwrap_or_default().to_string()
            }
            None => text.trim_end_matches(':').to_string(),
        };
        if key.is_empty() {
            return Err("it is empty");
        }
        if !key.chars().all(|c| c.is_ascii_graphic()) {
            return Err("it contains spaces or characters that no key has");
        }
        Ok(ApiKey(SecretString::from(key)))
    }

    /// Writes the bare key, for a file that only its owner can read.
    pub(crate) fn write_to(&self, file: &mut std::fs::File) -> std::io::Result<()> {
        use std::io::Write as _;
        writeln!(file, "{}", self.0.expose_secret())
    }

    /// Puts the bare key into a keyring.
    pub(crate) fn keep_in(&self, entry: &keyring_core::Entry) -> Result<(), keyring_core::Error> {
        entry.set_password(self.0.expose_secret())
    }

    /// The value of the `Authorization` header: the key as user name, with an empty password.
    pub(crate) fn basic_auth(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:", self.0.expose_secret())))
    }
}

impl ApiKey {
    /// A number that stands for this key at this origin in tables; the hasher differs in every process.
    pub(super) fn fingerprint(&self, origin: &str, hasher: &RandomState) -> u64 {
        hasher.hash_one((origin, self.0.expose_secret()))
    }

    /// Whether a text repeats the key.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.hide_in(text) != text
    }

    /// The text without the key, in case a server repeats it.
    pub(super) fn hide_in(&self, text: &str) -> String {
        let key = self.0.expose_secret();
        if key.len() < SHORTEST_SECRET {
            return text.to_string();
        }
        let encoded = self.basic_auth();
        let encoded = encoded.trim_start_matches("Basic ");
        text.replace(key, "***").replace(encoded, "***")
    }
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| text[word.len()..].trim())
}
