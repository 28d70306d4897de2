//! Two providers of one suite understand each other: what the first makes, the second takes.

use super::keys::{made, signed};
use super::sealing::{decapsulated, encapsulated};
use super::symmetric::{expanded, mac_of, sealed};
use super::{Verdict, hold};
use msgpay_crypto::Suite;

/// Tries of what takes fresh randomness: one in 128 numbers begins with nine zero bits, and is written shorter.
const TRIES: usize = 40;

pub(super) fn number(one: &dyn Suite, other: &dyn Suite) -> Verdict {
    hold!(one.id() == other.id(), "{:?} and {:?}", one.id(), other.id());
    Ok(())
}

pub(super) fn digests(one: &dyn Suite, other: &dyn Suite) -> Verdict {
    for length in 0..200 {
        let text = vec![0x5a; length];
        hold!(one.hash(&text) == other.hash(&text), "hash of {length} bytes");
        let key = vec![0x11; 1 + length];
        let same = mac_of(one, &key, &[&text, b"more"])? == mac_of(other, &key, &[&text, b"more"])?;
        hold!(same, "mac with a key of {length} bytes");
        hold!(
            expanded(one, &[3; 32], &text)? == expanded(other, &[3; 32], &text)?,
            "label of {length} bytes"
        );
    }
    Ok(())
}

pub(super) fn boxes(one: &dyn Suite, other: &dyn Suite) -> Verdict {
    for length in 0..70 {
        let text = (0..length).collect::<Vec<u8>>();
        let (mut body, tag) = sealed(one, &[length; 32], &text, &text)?;
        hold!((body.clone(), tag) == sealed(other, &[length; 32], &text, &text)?, "box of {length} bytes");
        let opened = other.open(&[length; 32], &text, &mut body, &tag);
        hold!(opened == Ok(()) && body == text, "box of {length} bytes: {opened:?}");
    }
    Ok(())
}

pub(super) fn key_pairs(one: &dyn Suite, other: &dyn Suite) -> Verdict {
    for _ in 0..TRIES {
        let (scalar, public) = made(one)?;
        hold!(other.public_of(&scalar) == Ok(public), "public key of {}", hex::encode(scalar));
    }
    Ok(())
}

pub(super) fn signatures(one: &dyn Suite, other: &dyn Suite) -> Verdict {
    for round in 0..TRIES {
        let (scalar, public) = made(one)?;
        let message = vec![0x6d; round];
        let signature = signed(one, &scalar, &message, 7)?;
        let verified = other.verify(&public, &message, &signature);
        hold!(verified == Ok(()), "{} over {round} bytes", hex::encode(signature));
    }
    Ok(())
}

pub(super) fn encapsulations(one: &dyn Suite, other: &dyn Suite) -> Verdict {
    for _ in 0..TRIES {
        let (scalar, public) = made(other)?;
        let (enc, chain) = encapsulated(one, &public, b"info", b"label")?;
        let opened = decapsulated(other, &scalar, &enc, b"info", b"label");
        hold!(opened == Ok(chain), "{}: {:?}", hex::encode(&enc), opened.err());
    }
    Ok(())
}
