//! Somebody who makes certificates, as a company does for its own servers. What it makes is trusted by a program that
//! gets its file as `SSL_CERT_FILE`, and by nobody else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const OTHER_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];

/// The end of a certificate that does not end.
const NEVER: &str = "99991231235959Z";
/// The end of one that has ended.
const LONG_AGO: &str = "20200102000000Z";

/// Who signs.
pub struct Authority {
    name: String,
    key: EcdsaKeyPair,
    certificate: Vec<u8>,
}

impl Authority {
    pub fn new() -> Authority {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let (key, _) = new_key();
        let is_authority = sequence(&[
            object(BASIC_CONSTRAINTS),
            element(0x01, &[0xff]),
            element(0x04, &sequence(&[element(0x01, &[0xff])])),
        ]);
        // Of two with the same name, one would be taken for the other with a wrong signature.
        let name = format!("Test authority {}", NEXT.fetch_add(1, Ordering::Relaxed));
        let certificate = certificate(&name, &key, (&name, &key), NEVER, &is_authority);
        Authority { name, key, certificate }
    }

    /// Its own certificate, as it stands in a file.
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.certificate);
        let lines: Vec<&str> =
            (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// What a server with this name shows.
    pub fn server(&self, name: &str) -> Arc<ServerConfig> {
        self.signed(name, NEVER)
    }

    /// The same with a certificate that has ended.
    pub fn expired(&self, name: &str) -> Arc<ServerConfig> {
        self.signed(name, LONG_AGO)
    }

    fn signed(&self, name: &str, until: &str) -> Arc<ServerConfig> {
        let (key, secret) = new_key();
        let names =
            sequence(&[object(OTHER_NAMES), element(0x04, &sequence(&[element(0x82, name.as_bytes())]))]);
        let own = certificate(name, &key, (&self.name, &self.key), until, &names);
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(own)],
                PrivateKeyDer::from(PrivatePkcs8KeyDer::from(secret)),
            );
        Arc::new(config.unwrap())
    }
}

fn new_key() -> (EcdsaKeyPair, Vec<u8>) {
    let random = SystemRandom::new();
    let secret = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, secret.as_ref(), &random).unwrap();
    (key, secret.as_ref().to_vec())
}

/// A certificate of somebody's key, and who signs it.
fn certificate(
    name: &str,
    key: &EcdsaKeyPair,
    (authority, pair): (&str, &EcdsaKeyPair),
    until: &str,
    extension: &[u8],
) -> Vec<u8> {
    let with = sequence(&[object(ECDSA_WITH_SHA256)]);
    let public =
        sequence(&[sequence(&[object(EC_PUBLIC_KEY), object(P256)]), bits(key.public_key().as_ref())]);
    let valid = sequence(&[element(0x18, b"20200101000000Z"), element(0x18, until.as_bytes())]);
    let signed = sequence(&[
        element(0xa0, &element(0x02, &[2])),
        element(0x02, &[1]),
        with.clone(),
        called(authority),
        valid,
        called(name),
        public,
        element(0xa3, &sequence(&[extension.to_vec()])),
    ]);
    let signature = pair.sign(&SystemRandom::new(), &signed).unwrap();
    sequence(&[signed, with, bits(signature.as_ref())])
}

fn called(name: &str) -> Vec<u8> {
    sequence(&[element(0x31, &sequence(&[object(COMMON_NAME), element(0x0c, name.as_bytes())]))])
}

fn object(id: &[u8]) -> Vec<u8> {
    element(0x06, id)
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], bytes].concat())
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// A value with what it is and how long it is before it, as certificates are written (DER).
fn element(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let head = match length {
        0..0x80 => vec![kind, low],
        0x80..0x100 => vec![kind, 0x81, low],
        _ => vec![kind, 0x82, high, low],
    };
    [head, content.to_vec()].concat()
}
