//! Private keys in PKCS #8, DER and PEM, of both suites.

use msgpay_crypto::{OpeningKey, SuiteId};

/// A key that is read is written and read again as the same key.
pub fn run(data: &[u8]) {
    for suite in SuiteId::ALL {
        hold(suite, OpeningKey::from_pkcs8_der(suite, data).ok());
        hold(
            suite,
            std::str::from_utf8(data).ok().and_then(|pem| OpeningKey::from_pkcs8_pem(suite, pem).ok()),
        );
    }
}

fn hold(suite: SuiteId, key: Option<OpeningKey>) {
    let Some(key) = key else { return };
    let again = key.pkcs8_pem().and_then(|pem| {
        pem.expose(|pem| OpeningKey::from_pkcs8_pem(suite, std::str::from_utf8(pem).unwrap_or_default()))?
    });
    assert_eq!(again.map(|again| again.public_key()), Ok(key.public_key()));
}
