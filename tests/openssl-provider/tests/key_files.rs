//! Key files (PKCS #8) that OpenSSL writes are read, and the other way about; each names its curve.

use msgpay_crypto::{Error, OpeningKey, SigningKey, SuiteId};
use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::nid::Nid;
use openssl::pkey::PKey;

const CURVES: [(SuiteId, Nid); 2] =
    [(SuiteId::International, Nid::X9_62_PRIME256V1), (SuiteId::Guomi, Nid::SM2)];

#[test]
fn a_file_of_openssl_is_read() {
    for (suite, curve) in CURVES {
        let group = EcGroup::from_curve_name(curve).unwrap();
        let made = EcKey::generate(&group).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let form = PointConversionForm::UNCOMPRESSED;
        let expected = made.public_key().to_bytes(&group, form, &mut context).unwrap();
        let pem = PKey::from_ec_key(made).unwrap().private_key_to_pem_pkcs8().unwrap();
        let pem = String::from_utf8(pem).unwrap();
        let read = SigningKey::from_pkcs8_pem(suite, &pem).unwrap();
        assert_eq!(read.public_key(), expected[..], "{suite:?}");
        for (other, _) in CURVES.iter().filter(|(other, _)| *other != suite) {
            assert_eq!(SigningKey::from_pkcs8_pem(*other, &pem).err(), Some(Error::BadKey), "as {other:?}");
        }
    }
}

#[test]
fn openssl_reads_ours() {
    // The names of the two curves: 1.2.840.10045.3.1.7 and 1.2.156.10197.1.301.
    for (suite, name) in [
        (SuiteId::International, b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"),
        (SuiteId::Guomi, b"\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d"),
    ] {
        let made = OpeningKey::make(suite).unwrap();
        let pem = made.pkcs8_pem().unwrap().expose(<[u8]>::to_vec).unwrap();
        let public = PKey::private_key_from_pem(&pem).unwrap().public_key_to_der().unwrap();
        assert!(public.windows(name.len()).any(|part| part == name), "{suite:?}: {}", hex::encode(&public));
        assert!(public.ends_with(&made.public_key()), "{suite:?}: {}", hex::encode(&public));
    }
}
