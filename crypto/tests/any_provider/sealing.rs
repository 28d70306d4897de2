//! The set-up of a chain, both ends.

use super::keys::{bad_publics, bad_scalars, made};
use super::known::{self, LABEL, info, unhex};
use super::{Verdict, hold};
use msgpay_crypto::suite::INFO_BYTES_MAX;
use msgpay_crypto::{Error, Suite, SuiteId};

/// No encapsulation of any suite is longer; the envelope's format has this as its limit.
const ENCAPSULATION_BYTES_MAX: usize = 144;

/// A value that no derivation gives, to see whether a refusal touched it.
const UNTOUCHED: [u8; 32] = [0xee; 32];

pub(super) fn encapsulated(
    provider: &dyn Suite,
    public: &[u8],
    info: &[u8],
    label: &[u8],
) -> Result<(Vec<u8>, [u8; 32]), String> {
    let mut chain = UNTOUCHED;
    let enc = provider.encapsulate(public, info, label, &mut chain);
    Ok((enc.map_err(|error| format!("encapsulate: {error:?}"))?, chain))
}

pub(super) fn decapsulated(
    provider: &dyn Suite,
    scalar: &[u8; 32],
    enc: &[u8],
    info: &[u8],
    label: &[u8],
) -> Result<[u8; 32], Error> {
    let mut chain = UNTOUCHED;
    match provider.decapsulate(scalar, enc, info, label, &mut chain) {
        Ok(()) => Ok(chain),
        // Shows as a wrong refusal.
        Err(_) if chain != UNTOUCHED => Err(Error::RoomBroken),
        Err(error) => Err(error),
    }
}

pub(super) fn decapsulate(provider: &dyn Suite) -> Verdict {
    let known = known::of(provider.id());
    let enc = hex::decode(known.encapsulation).unwrap();
    let chain = decapsulated(provider, &unhex(known.opening_scalar), &enc, &info(), LABEL);
    let right = chain.is_ok_and(|chain| hex::encode(chain) == known.chain);
    hold!(right, "the known encapsulation's chain key");
    Ok(())
}

pub(super) fn decapsulate_refuses(provider: &dyn Suite) -> Verdict {
    let known = known::of(provider.id());
    let scalar = unhex(known.opening_scalar);
    let enc = hex::decode(known.encapsulation).unwrap();
    let refused = |what: &str, enc: &[u8]| -> Verdict {
        let opened = decapsulated(provider, &scalar, enc, &info(), LABEL).err();
        hold!(opened == Some(Error::NotOpened), "{what}: {opened:?}");
        Ok(())
    };
    for length in 0..enc.len() {
        refused("cut", &enc[..length])?;
    }
    refused("longer", &[&enc[..], &[0]].concat())?;
    // A point off its curve, or a text whose hash is not its own. Any coordinate is good for X25519, and gives another
    // chain key; only its unused bit must not be set.
    for bit in 0..enc.len() * 8 {
        let mut altered = enc.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        if provider.id() == SuiteId::Curve25519 && bit != 255 {
            let opened = decapsulated(provider, &scalar, &altered, &info(), LABEL);
            let other = opened.is_ok_and(|chain| hex::encode(chain) != known.chain);
            hold!(other, "bit {bit} gives no other chain key");
        } else {
            refused(&format!("bit {bit}"), &altered)?;
        }
    }
    for bad in bad_publics(provider) {
        refused("no point", &bad)?;
    }
    for scalar in bad_scalars(provider) {
        let opened = decapsulated(provider, &scalar, &enc, &info(), LABEL).err();
        hold!(opened == Some(Error::BadKey), "scalar {}: {opened:?}", hex::encode(scalar));
    }
    let long = vec![0; INFO_BYTES_MAX + 1];
    for (info, label) in [(&long[..], LABEL), (b"", &long)] {
        let opened = decapsulated(provider, &scalar, &enc, info, label).err();
        hold!(opened == Some(Error::Misused), "too long: {opened:?}");
    }
    Ok(())
}

pub(super) fn encapsulate(provider: &dyn Suite) -> Verdict {
    let longest = vec![0x69; INFO_BYTES_MAX];
    for (info, label) in [(&b"info"[..], &b"label"[..]), (b"", b""), (&longest, &longest)] {
        let (scalar, public) = made(provider)?;
        let (enc, chain) = encapsulated(provider, &public, info, label)?;
        hold!(enc.len() <= ENCAPSULATION_BYTES_MAX, "an encapsulation of {} bytes", enc.len());
        let opened = decapsulated(provider, &scalar, &enc, info, label);
        hold!(opened == Ok(chain), "the two ends have different chain keys: {:?}", opened.err());
    }
    Ok(())
}

pub(super) fn encapsulate_is_bound(provider: &dyn Suite) -> Verdict {
    let (scalar, public) = made(provider)?;
    let (other, _) = made(provider)?;
    let (enc, chain) = encapsulated(provider, &public, b"info", b"label")?;
    for (what, scalar, info, label) in [
        ("key", &other, &b"info"[..], &b"label"[..]),
        ("info", &scalar, b"infO", b"label"),
        ("no info", &scalar, b"", b"label"),
        ("label", &scalar, b"info", b"labeL"),
        ("no label", &scalar, b"info", b""),
        ("cut differently", &scalar, b"infol", b"abel"),
    ] {
        let opened = decapsulated(provider, scalar, &enc, info, label);
        hold!(opened != Ok(chain), "another {what} gives the same chain key");
    }
    Ok(())
}

pub(super) fn encapsulate_is_fresh(provider: &dyn Suite) -> Verdict {
    let (_, public) = made(provider)?;
    let (one, first) = encapsulated(provider, &public, b"info", b"label")?;
    let (two, second) = encapsulated(provider, &public, b"info", b"label")?;
    hold!(first != second, "the same chain key twice");
    // The ephemeral point stands within the first 40 bytes of every shape.
    hold!(one[8..32] != two[8..32], "the same ephemeral key twice");
    Ok(())
}

pub(super) fn encapsulate_refuses(provider: &dyn Suite) -> Verdict {
    let refused = |public: &[u8], info: &[u8], label: &[u8], expected: Error| -> Verdict {
        let mut chain = UNTOUCHED;
        let made = provider.encapsulate(public, info, label, &mut chain).err();
        hold!(made == Some(expected), "key {}: {made:?}", hex::encode(public));
        hold!(chain == UNTOUCHED, "a chain key for a refused key");
        Ok(())
    };
    for bad in bad_publics(provider) {
        refused(&bad, b"info", b"label", Error::BadKey)?;
    }
    let public = unhex::<65>(known::of(provider.id()).public);
    let long = vec![0; INFO_BYTES_MAX + 1];
    refused(&public, &long, b"", Error::Misused)?;
    refused(&public, b"", &long, Error::Misused)
}
