//! The stored form of a password, as a database gives it back.

use msgpay_crypto::password::{self, Answer};
use msgpay_crypto::{MacKey, SecretPage, SuiteId};

/// By the pepper of 32 bytes 06, the wallet "wallet", and this password: what the seed's record was made for.
pub const PASSWORD: &[u8] = b"480275";
/// The seed.
pub const RECORD: &str = "$argon2id$v=19$m=19456,t=2,p=1,keyid=ddc3b7c0$80b153ec04d66ec544b2489340faa264$\
    6d8721e021d35516a91ca24c04e666b614e3bb160061ba5b72ef48663bf0a8a6";

/// Only the record itself says that its password is right: what was changed is no record, or says that it is wrong.
pub fn run(data: &[u8]) {
    let Ok(record) = std::str::from_utf8(data) else { return };
    assert_eq!(answer(record) == Some(Answer::Right), record == RECORD);
}

/// What a record says of the password; `None` when it is no record of this pepper.
pub fn answer(record: &str) -> Option<Answer> {
    let pepper = MacKey::from_page(SuiteId::International, SecretPage::copy_of(&[6; 32]).ok()?);
    password::verify(&pepper, b"wallet", record, &SecretPage::copy_of(PASSWORD).ok()?).ok()
}
