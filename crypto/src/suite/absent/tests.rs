use crate::{Error, MacKey, OpeningKey, SealChain, SecretPage, SigningKey, SuiteId};

#[test]
fn without_the_feature_suite_3_is_unknown_and_no_key_of_it_works() {
    assert_eq!(SuiteId::from_number(3), Err(Error::UnknownSuite));
    assert!(!SuiteId::ALL.contains(&SuiteId::Curve25519));
    let suite = SuiteId::Curve25519;
    let seed = SecretPage::copy_of(&[7; 32]).unwrap();
    assert_eq!(SigningKey::make(suite).err(), Some(Error::UnknownSuite));
    assert_eq!(OpeningKey::from_scalar(suite, &seed).err(), Some(Error::UnknownSuite));
    assert_eq!(SealChain::setup(suite, &[0x40; 65], b"", b"").err(), Some(Error::UnknownSuite));
    assert_eq!(MacKey::from_page(suite, seed).mac(&[b"m"]), Err(Error::UnknownSuite));
    assert_eq!(suite.suite().verify(&[0x40; 65], b"m", &[0; 64]), Err(Error::BadSignature));
}
