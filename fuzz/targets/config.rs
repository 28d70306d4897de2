//! The SDK's configuration, and the certificates that it names.

use msgpay_sdk_core::Config;

/// Between the text and the file that it may name.
pub const THEN: &str = "\n--- ca.pem\n";

/// What is read names institutions, each reachable, with a root and a pin.
pub fn run(data: &[u8]) {
    let Some(config) = std::str::from_utf8(data).ok().and_then(read) else { return };
    assert!(!config.institutions.is_empty());
    for institution in &config.institutions {
        assert!(institution.base_url.starts_with("https://"), "{}", institution.base_url);
        assert!(!institution.roots.is_empty() && !institution.spki_pins.is_empty(), "{institution:?}");
        assert!(institution.roots.iter().all(|root| root.public_key[0] == 4), "{institution:?}");
    }
}

/// The configuration, when it is one.
pub fn read(text: &str) -> Option<Config> {
    let (text, file) = text.split_once(THEN).unwrap_or((text, ""));
    Config::from_json(text, |name| (name == "ca.pem").then(|| file.as_bytes().to_vec())).ok()
}
