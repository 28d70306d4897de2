//! Private and public keys, and signatures.

use super::known::{self, unhex};
use super::{Verdict, hold};
use msgpay_crypto::{Error, Suite, SuiteId};

pub(super) fn signed(
    provider: &dyn Suite,
    scalar: &[u8; 32],
    message: &[u8],
    hedge: u8,
) -> Result<[u8; 64], String> {
    provider.sign(scalar, message, &[hedge; 32]).map_err(|error| format!("sign: {error:?}"))
}

/// A new key pair.
pub(super) fn made(provider: &dyn Suite) -> Result<([u8; 32], [u8; 65]), String> {
    let mut scalar = [0; 32];
    provider.make_private(&mut scalar).map_err(|error| format!("make_private: {error:?}"))?;
    let public = provider.public_of(&scalar).map_err(|error| format!("public_of: {error:?}"))?;
    Ok((scalar, public))
}

/// 32 bytes that are no private key of the suite.
pub(super) fn bad_scalars(provider: &dyn Suite) -> Vec<[u8; 32]> {
    let Some(end) = known::of(provider.id()).end_of_scalars else { return vec![[0; 32]] };
    let end = unhex(end);
    let mut above = end;
    above[31] += 1;
    vec![[0; 32], end, above, [0xff; 32]]
}

/// What is no public key in this suite's shape.
pub(super) fn bad_publics(provider: &dyn Suite) -> Vec<Vec<u8>> {
    let good = unhex::<65>(known::of(provider.id()).public);
    let other = match provider.id() {
        SuiteId::International => SuiteId::Guomi,
        _ => SuiteId::International,
    };
    let tagged = |tag: u8, rest: &[u8]| [&[tag], rest].concat();
    let mut bad = if provider.id() == SuiteId::Curve25519 { bad_halves(good) } else { bad_points(good) };
    bad.extend([
        vec![],
        vec![0],
        vec![0; 65],
        tagged(4, &[0; 64]),
        tagged(4, &[0xff; 64]),
        tagged(6, &good[1..]),
        tagged(7, &good[1..]),
        good[1..].to_vec(),
        good[..64].to_vec(),
        [&good[..], &[0]].concat(),
        unhex::<65>(known::of(other).public).to_vec(),
    ]);
    bad
}

/// Off its curve, and compressed.
fn bad_points(good: [u8; 65]) -> Vec<Vec<u8>> {
    let mut off = good;
    off[64] ^= 1;
    let compressed = |tag: u8| [&[tag], &good[1..33]].concat();
    vec![off.to_vec(), compressed(2), compressed(3)]
}

/// A half of small order, no point at all, or not written canonically: p + 1, and the unused bit set. Any other 32 bytes
/// are the coordinate of some key of X25519.
fn bad_halves(good: [u8; 65]) -> Vec<Vec<u8>> {
    let number = |first: u8, middle: u8, last: u8| [&[first][..], &[middle; 30], &[last]].concat();
    let halves = [number(0, 0, 0), number(1, 0, 0), number(0xec, 0xff, 0x7f), number(0xee, 0xff, 0x7f)];
    let none = number(2, 0, 0);
    let signing = halves.iter().chain([&none]).map(|half| [&good[..1], half, &good[33..]].concat());
    let opening = halves.iter().map(|half| [&good[..33], half].concat());
    let mut unused = good;
    unused[64] |= 0x80;
    signing.chain(opening).chain([unused.to_vec()]).collect()
}

pub(super) fn private_keys(provider: &dyn Suite) -> Verdict {
    let (one, of_one) = made(provider)?;
    let (two, of_two) = made(provider)?;
    hold!(one != two && of_one != of_two, "the same key twice");
    for scalar in bad_scalars(provider) {
        let public = provider.public_of(&scalar);
        hold!(public == Err(Error::BadKey), "public_of {}: {public:?}", hex::encode(scalar));
        let signed = provider.sign(&scalar, b"m", &[1; 32]);
        hold!(signed == Err(Error::BadKey), "sign with {}: {signed:?}", hex::encode(scalar));
    }
    Ok(())
}

pub(super) fn public_keys(provider: &dyn Suite) -> Verdict {
    let known = known::of(provider.id());
    let public = provider.public_of(&unhex(known.scalar)).map_err(|error| format!("{error:?}"))?;
    hold!(hex::encode(public) == known.public, "the known scalar's public key");
    let mut last = known.end_of_scalars.map_or([0xff; 32], unhex::<32>);
    last[31] -= 1;
    hold!(provider.public_of(&last).is_ok(), "the last scalar in range");
    Ok(())
}

pub(super) fn verify(provider: &dyn Suite) -> Verdict {
    let known = known::of(provider.id());
    let signature = unhex::<64>(known.signature);
    let verified = provider.verify(&unhex::<65>(known.public), known.message, &signature);
    hold!(verified == Ok(()), "the known signature: {verified:?}");
    Ok(())
}

pub(super) fn verify_refuses(provider: &dyn Suite) -> Verdict {
    let known = known::of(provider.id());
    let (public, signature) = (unhex::<65>(known.public), unhex::<64>(known.signature));
    let refused = |what: &str, public: &[u8], message: &[u8], signature: &[u8]| -> Verdict {
        let verified = provider.verify(public, message, signature);
        hold!(verified == Err(Error::BadSignature), "{what}: {verified:?}");
        Ok(())
    };
    for at in 0..64 {
        let mut altered = signature;
        altered[at] ^= 1;
        refused("altered signature", &public, known.message, &altered)?;
    }
    let longer = [known.message, b"\0"].concat();
    refused("longer message", &public, &longer, &signature)?;
    refused("shorter message", &public, &known.message[1..], &signature)?;
    refused("no message", &public, b"", &signature)?;
    let (r, s) = signature.split_at(32);
    let order = unhex::<32>(known.order);
    for (what, r, s) in [
        ("r = 0", &[0; 32][..], s),
        ("s = 0", r, &[0; 32][..]),
        ("both 0", &[0; 32], &[0; 32]),
        ("r = n", &order, s),
        ("s = n", r, &order),
        ("r above n", &[0xff; 32], s),
        ("s above n", r, &[0xff; 32]),
        ("s and r", s, r),
    ] {
        refused(what, &public, known.message, &[r, s].concat())?;
    }
    let der = [&[0x30, 68, 2, 32], r, &[2, 32], s].concat();
    for (what, signature) in [
        ("none", &[][..]),
        ("63 bytes", &signature[..63]),
        ("65 bytes", &[&signature[..], &[0]].concat()),
        ("DER", &der),
    ] {
        refused(what, &public, known.message, signature)?;
    }
    let (_, stranger) = made(provider)?;
    refused("a stranger's key", &stranger, known.message, &signature)?;
    bad_publics(provider).iter().try_for_each(|bad| {
        refused(&format!("public key {}", hex::encode(bad)), bad, known.message, &signature)
    })
}

pub(super) fn sign(provider: &dyn Suite) -> Verdict {
    let (scalar, public) = made(provider)?;
    for length in [0, 1, 64, 1000] {
        let message = vec![0x6d; length];
        let signature = signed(provider, &scalar, &message, 1)?;
        let verified = provider.verify(&public, &message, &signature);
        hold!(verified == Ok(()), "{length} bytes: {verified:?}");
    }
    Ok(())
}

pub(super) fn sign_is_hedged(provider: &dyn Suite) -> Verdict {
    let (scalar, _) = made(provider)?;
    let (one, two) = (signed(provider, &scalar, b"m", 1)?, signed(provider, &scalar, b"m", 2)?);
    hold!(one[..32] != two[..32], "the same nonce with another hedge");
    let other = signed(provider, &scalar, b"n", 1)?;
    hold!(one[..32] != other[..32], "the same nonce for another message");
    Ok(())
}
