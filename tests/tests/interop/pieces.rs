//! Digest, MAC, key derivation, seal, signature and encapsulation of each suite against Python's `cryptography`,
//! `gmssl` and `pyhpke`, in both directions.

use crate::peer::Peer;
use crate::{chain_of_seed, pair, some_bytes};
use msgpay_crypto::{SuiteId, random};
use serde_json::json;

const ROUNDS: usize = 4;
const LABEL: &[u8] = b"msgpay keystroke chain";

fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

#[test]
fn digests_and_derived_keys_are_the_same() {
    let mut peer = Peer::start();
    for suite in SuiteId::ALL {
        let (number, own) = (suite.number(), suite.suite());
        for _ in 0..ROUNDS {
            let (text, chain) = (some_bytes(), random::make::<32>().unwrap());
            let theirs = peer.bytes("digest", json!({"suite": number, "text": hex(&text)}), "digest");
            assert_eq!(theirs, own.hash(&text), "{suite:?}");
            let mut key = [0; 32];
            own.expand(&chain, b"next", &mut key).unwrap();
            let asked = json!({"suite": number, "chain": hex(&chain), "label": hex(b"next")});
            assert_eq!(peer.bytes("ratchet", asked, "key"), key, "{suite:?}");
        }
    }
}

#[test]
fn seals_open_both_ways_and_a_changed_one_does_not() {
    let mut peer = Peer::start();
    for suite in SuiteId::ALL {
        let (number, own) = (suite.number(), suite.suite());
        for _ in 0..ROUNDS {
            let (text, aad, key) = (some_bytes(), some_bytes(), random::make::<32>().unwrap());
            let mut sealed = text.clone();
            let tag = own.seal(&key, &aad, &mut sealed).unwrap();
            let asked = |sealed: &[u8], tag: &[u8]| {
                let (key, aad) = (hex(&key), hex(&aad));
                json!({"suite": number, "key": key, "aad": aad, "text": hex(sealed), "tag": hex(tag)})
            };
            assert_eq!(peer.bytes("aead_open", asked(&sealed, &tag), "text"), text, "{suite:?}");
            let mut wrong = tag;
            wrong[3] ^= 1;
            assert!(peer.ask("aead_open", asked(&sealed, &wrong)).is_err(), "{suite:?}");

            let given = json!({"suite": number, "key": hex(&key), "aad": hex(&aad), "text": hex(&text)});
            let theirs = peer.ask("aead_seal", given).unwrap();
            let mut opened = hex::decode(theirs["text"].as_str().unwrap()).unwrap();
            let tag = hex::decode(theirs["tag"].as_str().unwrap()).unwrap().try_into().unwrap();
            own.open(&key, &aad, &mut opened, &tag).unwrap();
            assert_eq!(opened, text, "{suite:?}");
        }
    }
}

#[test]
fn signatures_verify_both_ways_and_over_nothing_else() {
    let mut peer = Peer::start();
    for suite in SuiteId::ALL {
        let (number, own) = (suite.number(), suite.suite());
        let (scalar, public) = pair(suite);
        for _ in 0..ROUNDS {
            let message = some_bytes();
            let signature = own.sign(&scalar, &message, &random::make().unwrap()).unwrap();
            let asked = |signature: &[u8]| {
                let (public, message) = (hex(&public), hex(&message));
                json!({"suite": number, "public": public, "message": message, "signature": hex(signature)})
            };
            peer.ask("verify", asked(&signature)).unwrap();
            let mut wrong = signature;
            wrong[40] ^= 1;
            assert!(peer.ask("verify", asked(&wrong)).is_err(), "{suite:?}");

            let given = json!({"suite": number, "scalar": hex(&scalar), "message": hex(&message)});
            let theirs = peer.bytes("sign", given, "signature");
            own.verify(&public, &message, &theirs).unwrap();
            assert!(own.verify(&public, &[&message[..], b"!"].concat(), &theirs).is_err(), "{suite:?}");
        }
    }
}

#[test]
fn gmssl_signs_and_verifies_the_same() {
    let mut peer = Peer::start();
    let own = SuiteId::Guomi.suite();
    let (scalar, public) = pair(SuiteId::Guomi);
    for _ in 0..ROUNDS {
        let message = some_bytes();
        let signature = own.sign(&scalar, &message, &random::make().unwrap()).unwrap();
        let asked = |signature: &[u8]| json!({"public": hex(&public), "message": hex(&message), "signature": hex(signature)});
        peer.ask("gmssl_verify", asked(&signature)).unwrap();
        let mut wrong = signature;
        wrong[0] ^= 1;
        assert!(peer.ask("gmssl_verify", asked(&wrong)).is_err());
        let given = json!({"scalar": hex(&scalar), "public": hex(&public), "message": hex(&message)});
        own.verify(&public, &message, &peer.bytes("gmssl_sign", given, "signature")).unwrap();
    }
}

#[test]
fn gmssl_encrypts_and_decrypts_the_same() {
    let mut peer = Peer::start();
    let own = SuiteId::Guomi.suite();
    let (scalar, public) = pair(SuiteId::Guomi);
    for _ in 0..ROUNDS {
        let (info, seed) = (some_bytes(), random::make::<32>().unwrap());
        let mut chain = [0; 32];
        let encapsulated = own.encapsulate(&public, &info, LABEL, &mut chain).unwrap();
        let asked = json!({"scalar": hex(&scalar), "public": hex(&public), "encrypted": hex(&encapsulated)});
        let theirs = peer.bytes("gmssl_decrypt", asked, "plain");
        assert_eq!(chain_of_seed(own, LABEL, &theirs, &info), chain);

        let encrypted =
            peer.bytes("gmssl_encrypt", json!({"public": hex(&public), "plain": hex(&seed)}), "encrypted");
        own.decapsulate(&scalar, &encrypted, &info, LABEL, &mut chain).unwrap();
        assert_eq!(chain_of_seed(own, LABEL, &seed, &info), chain);
    }
}

#[test]
fn hpke_agrees_both_ways() {
    let mut peer = Peer::start();
    for suite in [SuiteId::International, SuiteId::Curve25519] {
        hpke_agrees_in(&mut peer, suite);
    }
}

fn hpke_agrees_in(peer: &mut Peer, suite: SuiteId) {
    let (number, own) = (suite.number(), suite.suite());
    let (scalar, public) = pair(suite);
    for _ in 0..ROUNDS {
        let info = some_bytes();
        let mut chain = [0; 32];
        let encapsulated = own.encapsulate(&public, &info, LABEL, &mut chain).unwrap();
        let asked = |info: &[u8]| {
            let encapsulated = hex(&encapsulated);
            json!({
                "suite": number, "scalar": hex(&scalar), "encapsulated": encapsulated, "info": hex(info),
                "label": hex(LABEL),
            })
        };
        assert_eq!(peer.bytes("hpke_receive", asked(&info), "chain"), chain);
        let other = [&info[..], b"!"].concat();
        assert_ne!(peer.bytes("hpke_receive", asked(&other), "chain"), chain);

        let given = json!({"suite": number, "public": hex(&public), "info": hex(&info), "label": hex(LABEL)});
        let theirs = peer.ask("hpke_send", given).unwrap();
        let encapsulated = hex::decode(theirs["encapsulated"].as_str().unwrap()).unwrap();
        own.decapsulate(&scalar, &encapsulated, &info, LABEL, &mut chain).unwrap();
        assert_eq!(theirs["chain"], hex(&chain));
    }
}
