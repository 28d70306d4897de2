use super::*;
use crate::config::{Config, Mode};

const NOW: i64 = 1_795_332_700;

fn world(plan: &Plan) -> (tempfile::TempDir, DevPki) {
    let dir = tempfile::tempdir().unwrap();
    let pki = DevPki::make(&dir.path().join("dev"), plan, NOW).unwrap();
    (dir, pki)
}

#[test]
fn what_it_makes_is_what_the_platform_reads() {
    let plan = Plan { allow_notify: vec!["127.0.0.1:9443".to_owned()], ..Plan::default() };
    let (_dir, pki) = world(&plan);
    let config = Config::read(&pki.dir().join("platform.toml")).unwrap();
    assert_eq!((config.mode, config.institution.id.as_str()), (Mode::Dev, "WALLET_A"));
    assert_eq!(config.notify.allow_private, plan.allow_notify);
    let keys = keys::InstitutionKeys::open(
        &config.keys.dir,
        &config.institution.id,
        config.mode,
        &SuiteId::ALL,
        NOW,
    )
    .unwrap();
    let sdk: documents::SdkDocument =
        serde_json::from_str(&std::fs::read_to_string(pki.dir().join("msgpay.json")).unwrap()).unwrap();
    let sdk = &sdk.institutions[0];
    let root = &keys.roots().pinned[0];
    assert_eq!((sdk.roots[0].kid, &sdk.roots[0].public_key), (root.kid, &hex::encode(root.public_key)));
    assert_eq!((sdk.roots[0].kid, sdk.roots[1].kid), (2_026_112_201, 2_026_112_251));
    assert_eq!(sdk.suites, ["international"]);
    assert_eq!(sdk.base_url, "https://localhost:8444");
}

#[test]
fn a_second_world_never_overwrites_the_first() {
    let (_dir, pki) = world(&Plan::default());
    let again = DevPki::make(pki.dir(), &Plan::default(), NOW).err().unwrap();
    assert!(matches!(again, KeyError::File(PkiError::NotEmpty { .. })), "{again}");
    pki.party("coffee", SuiteId::International, NOW, 30).unwrap();
    assert!(DevPki::open(pki.dir()).unwrap().party("coffee", SuiteId::International, NOW, 30).is_err());
}

#[test]
fn a_party_gets_identities_and_a_signing_key() {
    let (_dir, pki) = world(&Plan::default());
    let files = DevPki::open(pki.dir()).unwrap().party("coffee", SuiteId::International, NOW, 30).unwrap();
    let pem = std::fs::read_to_string(&files.signing_key).unwrap();
    let key = SigningKey::from_pkcs8_pem(keys::suite(SuiteId::International), &pem).unwrap();
    let read = spki::read(&files.signing_public);
    assert_eq!(read, Some((SuiteId::International, key.public_key())));
    let sm2 = pki.party("tea", SuiteId::Guomi, NOW, 30).unwrap();
    assert!(spki::read(&sm2.signing_public).is_some_and(|(suite, _)| suite == SuiteId::Guomi));
    assert!(crate::tls::certificates(&files.client_certificate).is_ok());
    assert_eq!(spki::read(&files.client_certificate), None);
    for name in ["", "../x", "A", "a b", "-a", "a-"] {
        assert!(pki.party(name, SuiteId::International, NOW, 30).is_err(), "{name:?}");
    }
}

/// Suite 3's key, both halves, in one file; a handset hears of its root only where it is in use.
#[cfg(feature = "curve25519")]
#[test]
fn a_party_of_suite_3_hands_in_both_halves() {
    let (_dir, pki) = world(&Plan::default());
    let files = pki.party("silk", SuiteId::Curve25519, NOW, 30).unwrap();
    let pem = std::fs::read_to_string(&files.signing_key).unwrap();
    let key = SigningKey::from_pkcs8_pem(keys::suite(SuiteId::Curve25519), &pem).unwrap();
    assert_eq!(spki::read(&files.signing_public), Some((SuiteId::Curve25519, key.public_key())));
    use rustls::pki_types::{SubjectPublicKeyInfoDer, pem::PemObject as _};
    let der = SubjectPublicKeyInfoDer::from_pem_file(&files.signing_public).unwrap().to_vec();
    assert_eq!((der[0], usize::from(der[1])), (0x30, der.len() - 2), "one sequence, to the end");
    let sdk = |pki: &DevPki| std::fs::read_to_string(pki.dir().join("msgpay.json")).unwrap();
    assert!(!sdk(&pki).contains("curve25519"));
    let (_dir, in_use) = world(&Plan { suites: vec![SuiteId::Curve25519], ..Plan::default() });
    assert!(sdk(&in_use).contains("\"suite\": \"curve25519\""));
}

#[test]
fn the_authority_speaks_for_loopback_only() {
    use rustls::pki_types::{ServerName, UnixTime};
    let (_dir, pki) = world(&Plan::default());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(crate::tls::certificates(&pki.dir().join("ca.pem")).unwrap().remove(0)).unwrap();
    let verifier =
        rustls::client::WebPkiServerVerifier::builder_with_provider(roots.into(), crate::tls::provider())
            .build()
            .unwrap();
    let chain = crate::tls::certificates(&pki.dir().join("server.pem")).unwrap();
    let at = |s: i64| UnixTime::since_unix_epoch(std::time::Duration::from_secs(s.try_into().unwrap()));
    let judge = |name: &str, when| {
        use rustls::client::danger::ServerCertVerifier as _;
        verifier.verify_server_cert(
            &chain[0],
            &[],
            &ServerName::try_from(name).unwrap().to_owned(),
            &[],
            at(when),
        )
    };
    for name in ["localhost", "127.0.0.1", "::1"] {
        judge(name, NOW).unwrap();
    }
    assert!(judge("pay.example.cn", NOW).is_err());
    assert!(judge("localhost", NOW + 91 * 86_400).is_err());
}
