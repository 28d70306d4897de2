//! What SM2 computes on the way is gone afterwards: the ephemeral scalar, the shared point, the seed, the nonce of a
//! signature. Each search has a control that leaves the clean room out and finds it.

use super::{example::*, *};
use crate::testing::scan::{self, Masked};
use crate::{SecretPage, room};
use sm2::{ProjectivePoint, elliptic_curve::PrimeField, elliptic_curve::point::AffineCoordinates};

/// Places in memory of the halves of `secrets`, as bytes and as little-endian limbs.
fn found(secrets: &[Masked]) -> usize {
    let limbs = secrets.iter().map(Masked::reversed).collect::<Vec<_>>();
    secrets.iter().chain(&limbs).flat_map(Masked::halves).map(|half| scan::count(&half)).sum()
}

/// x2 and y2 of `[scalar]point`, in disguise.
fn shared(point: ProjectivePoint, scalar: &NonZeroScalar) -> [Masked; 2] {
    let shared = (point * **scalar).to_affine();
    [Masked::of(&shared.x()), Masked::of(&shared.y())]
}

fn random_scalar() -> SecretPage {
    SecretPage::make_with(32, |bytes| Guomi.make_private(bytes.try_into().unwrap()).unwrap()).unwrap()
}

fn read(page: &SecretPage) -> NonZeroScalar {
    private(page.array().unwrap()).unwrap()
}

type Seal = fn(&PublicKey, &NonZeroScalar, &[u8]) -> Result<Vec<u8>, Error>;

/// The same encryption by the library.
fn seal_by_the_library(public: &PublicKey, k: &NonZeroScalar, text: &[u8]) -> Result<Vec<u8>, Error> {
    let key = sm2::pke::EncryptingKey::new(*public);
    key.encrypt_der(&mut Drawn(&k.to_repr()), text).map_err(|_| Error::RoomBroken)
}

/// Encrypts a seed; gives what is left of k, the seed and the shared point.
fn left_by_sealing(run: impl FnOnce(&mut dyn FnMut()), seal: Seal) -> usize {
    let public = public(&unhex::<65>(P)).unwrap();
    let (k, seed) = (random_scalar(), SecretPage::random(32).unwrap());
    let [x, y] = room::run(|| shared(public.to_projective(), &read(&k))).unwrap();
    let secrets = [x, y, k.expose(Masked::of).unwrap(), seed.expose(Masked::of).unwrap()];
    run(&mut || {
        seal(&public, &read(&k), seed.bytes().unwrap()).unwrap();
    });
    drop((k, seed));
    found(&secrets)
}

/// Decrypts one; gives what is left of the private scalar, the seed and the shared point.
fn left_by_opening(run: impl FnOnce(&mut dyn FnMut())) -> usize {
    let (d, seed) = (random_scalar(), SecretPage::random(32).unwrap());
    let k = private(&unhex(K)).unwrap();
    let (sealed, [x, y]) = room::run(|| {
        let public = public(&Guomi.public_of(d.array().unwrap()).unwrap()).unwrap();
        let sealed = encryption::seal(&public, &k, seed.bytes().unwrap()).unwrap();
        (sealed, shared(public.to_projective(), &k))
    })
    .unwrap();
    let secrets = [x, y, d.expose(Masked::of).unwrap(), seed.expose(Masked::of).unwrap()];
    drop(seed);
    let mut opened = SecretPage::with_capacity(32).unwrap();
    run(&mut || {
        let mut seed = Zeroizing::new([0; 32]);
        encryption::open(&read(&d), &sealed, &mut *seed).unwrap();
        seed.iter().for_each(|byte| opened.push(*byte).unwrap());
    });
    drop((d, opened));
    found(&secrets)
}

/// Signs; gives what is left of the private scalar and of the nonce, k = s (1 + d) + r d.
fn left_by_signing(run: impl FnOnce(&mut dyn FnMut())) -> usize {
    let d = random_scalar();
    let mut made = None;
    run(&mut || made = Some(Guomi.sign(d.array().unwrap(), b"m", &[7; 32]).unwrap()));
    let signature = sm2::dsa::Signature::from_slice(&made.unwrap()).unwrap();
    let nonce = room::run(|| {
        let (r, s, d) = (signature.r(), signature.s(), read(&d));
        Masked::of(&(*s * (Scalar::ONE + *d) + *r * *d).to_repr())
    });
    let secrets = [nonce.unwrap(), d.expose(Masked::of).unwrap()];
    drop(d);
    found(&secrets)
}

fn in_the_room(work: &mut dyn FnMut()) {
    room::run(work).unwrap();
}

fn outside(work: &mut dyn FnMut()) {
    scan::deep(work);
}

#[test]
fn sm2_leaves_nothing_behind() {
    assert_eq!(left_by_sealing(|work| in_the_room(work), encryption::seal), 0, "encryption");
    assert_eq!(left_by_sealing(|work| in_the_room(work), seal_by_the_library), 0, "the library's");
    assert_eq!(left_by_opening(|work| in_the_room(work)), 0, "decryption");
    assert_eq!(left_by_signing(|work| in_the_room(work)), 0, "signature");
}

#[test]
fn control_sm2_outside_the_room_leaves_secrets() {
    // Our own encryption wipes so well that outside the room, too, this search need not find anything of it.
    assert!(left_by_sealing(|work| outside(work), seal_by_the_library) > 0, "encryption");
    assert!(left_by_opening(|work| outside(work)) > 0, "decryption");
    assert!(left_by_signing(|work| outside(work)) > 0, "signature");
}
