//! Why a secure connection did not come about, in plain words: the same for Vitally, for mail servers and for others.

use rustls::CertificateError as Bad;
use std::error::Error;

/// What the TLS library says, if it was the one to refuse.
pub fn refusal<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(refusal) = cause.downcast_ref() {
            return Some(refusal);
        }
        // An I/O error names as its source what is below the error it holds, so that has to be looked at first.
        let held = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => cause.source(),
        };
    }
    None
}

/// Whether it is about who the other side is, which is decided before anything is sent.
pub fn is_about_identity(refusal: &rustls::Error) -> bool {
    matches!(refusal, rustls::Error::InvalidCertificate(_))
}

/// The usual reasons in plain words.
pub fn words(refusal: &rustls::Error) -> String {
    let words = match refusal {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::UnknownIssuer => "this computer does not trust its certificate",
            Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired",
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => "its certificate is not valid yet",
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "its certificate is for another name"
            }
            _ => "its certificate is not valid",
        },
        rustls::Error::InvalidMessage(_) => "it does not speak TLS",
        other => return other.to_string(),
    };
    words.to_string()
}
