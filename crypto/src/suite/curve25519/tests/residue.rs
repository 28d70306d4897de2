//! What the suite computes on the way is gone afterwards: both halves, the nonce of a signature, the ephemeral key, the
//! shared secrets. Each search has a control that leaves the clean room out and finds it.

use super::*;
use crate::testing::scan::{self, Masked};
use crate::{SecretPage, room};
use core::ops::{Add, Mul};
use zeroize::Zeroize;

/// Places in memory of the halves of `secrets`, as bytes and in the other order.
fn found(secrets: &[Masked]) -> usize {
    let reversed = secrets.iter().map(Masked::reversed).collect::<Vec<_>>();
    secrets.iter().chain(&reversed).flat_map(Masked::halves).map(|half| scan::count(&half)).sum()
}

/// A number of 64 bytes, little endian, in the field of `T`.
fn reduced<T: From<u64> + Mul<Output = T> + Add<Output = T>>(bytes: &[u8; 64]) -> T {
    bytes.iter().rev().fold(T::from(0), |sum, byte| sum * T::from(256) + T::from(u64::from(*byte)))
}

/// The scalar, both prefixes and the nonce r of a signature over `message`, and the half they come from.
fn of_a_signature(seed: &[u8; 32], message: &[u8], hedge: &[u8; 32]) -> Vec<Masked> {
    let own = half(seed, SIGNING).unwrap();
    let mut key = ExpandedSecretKey::from(&*own);
    let mut secrets =
        vec![Masked::of(&*own), Masked::of(key.scalar.as_bytes()), Masked::of(&key.hash_prefix)];
    let digest = |parts: &[&[u8]]| -> [u8; 64] {
        parts.iter().fold(Sha512::new(), |hash, part| hash.chain_update(part)).finalize().into()
    };
    let hedged = digest(&[NONCE, hedge, &key.hash_prefix]);
    secrets.push(Masked::of(&hedged[..32]));
    key.scalar = reduced(&digest(&[&hedged[..32], message]));
    secrets.push(Masked::of(key.scalar.as_bytes()));
    secrets
}

fn left_by_signing(run: impl FnOnce(&mut dyn FnMut())) -> usize {
    let (seed, hedge) = (SecretPage::random(32).unwrap(), SecretPage::random(32).unwrap());
    let secrets = room::run(|| of_a_signature(seed.array().unwrap(), b"m", hedge.array().unwrap())).unwrap();
    run(&mut || {
        Curve25519.sign(seed.array().unwrap(), b"m", hedge.array().unwrap()).unwrap();
    });
    drop((seed, hedge));
    found(&secrets)
}

fn left_by_sealing(run: impl FnOnce(&mut dyn FnMut())) -> usize {
    let seed = SecretPage::random(32).unwrap();
    let (_, public) = pair();
    let to = <[u8; 32]>::try_from(&public[33..]).unwrap();
    let mut chain = SecretPage::random(32).unwrap();
    let secrets = room::run(|| {
        let ephemeral = X25519Kem::derive_keypair(seed.bytes().unwrap()).0.to_bytes();
        let sent = X25519Kem::encap_with_rng(
            &<X25519Kem as Kem>::PublicKey::from_bytes(&to).unwrap(),
            None,
            &mut Drawn(seed.bytes().unwrap()),
        );
        let mut known = by_hand::from_shared(X25519, sent.unwrap().0.0.to_vec(), 2, b"info");
        let schedule = [&mut known.shared_secret, &mut known.exporter_secret];
        let schedule = schedule.map(|secret| {
            let masked = Masked::of(secret);
            // by_hand works on the heap: wiped here, as the product has none there.
            secret.zeroize();
            masked
        });
        schedule
            .into_iter()
            .chain([Masked::of(seed.bytes().unwrap()), Masked::of(&ephemeral)])
            .collect::<Vec<_>>()
    });
    run(&mut || {
        let mut made = [0; 32];
        encapsulate_from(seed.array().unwrap(), &to, b"info", b"label", &mut made).unwrap();
        chain = SecretPage::copy_of(&made).unwrap();
    });
    drop((seed, chain));
    found(&secrets.unwrap())
}

fn left_by_opening(run: impl FnOnce(&mut dyn FnMut())) -> usize {
    let (seed, public) = (SecretPage::random(32).unwrap(), pair().1);
    let secrets = room::run(|| {
        let own = half(seed.array().unwrap(), OPENING).unwrap();
        vec![Masked::of(&*own), Masked::of(&opening(&own).to_bytes())]
    });
    run(&mut || {
        let mut chain = [0; 32];
        Curve25519.decapsulate(seed.array().unwrap(), &public[33..], b"i", b"l", &mut chain).unwrap();
    });
    drop(seed);
    found(&secrets.unwrap())
}

fn in_the_room(work: &mut dyn FnMut()) {
    room::run(work).unwrap();
}

fn outside(work: &mut dyn FnMut()) {
    scan::deep(work);
}

#[test]
fn curve25519_leaves_nothing_behind() {
    assert_eq!(left_by_signing(|work| in_the_room(work)), 0, "signature");
    assert_eq!(left_by_sealing(|work| in_the_room(work)), 0, "encapsulation");
    assert_eq!(left_by_opening(|work| in_the_room(work)), 0, "decapsulation");
}

#[test]
fn control_curve25519_outside_the_room_leaves_secrets() {
    assert!(left_by_signing(|work| outside(work)) > 0, "signature");
    // The libraries wipe an encapsulation so well that outside the room, too, this search need not find anything of it;
    // what it leaves bare is in docs/security/residue.md.
    assert!(left_by_opening(|work| outside(work)) > 0, "decapsulation");
}
