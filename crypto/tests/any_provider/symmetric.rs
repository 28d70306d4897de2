//! Hash, MAC, derivation, and the one-time box.

use super::known::{self, unhex};
use super::{Verdict, hold};
use msgpay_crypto::{Error, Suite};

/// HMAC (RFC 2104) over the provider's hash, whose block is 64 bytes in every suite.
fn hmac_by_hand(provider: &dyn Suite, key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    let hashed = provider.hash(key);
    let key = if key.len() > 64 { &hashed } else { key };
    block[..key.len()].copy_from_slice(key);
    let inner = provider.hash(&[&block.map(|byte| byte ^ 0x36), message].concat());
    provider.hash(&[&block.map(|byte| byte ^ 0x5c)[..], &inner].concat())
}

pub(super) fn mac_of(provider: &dyn Suite, key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32], String> {
    let mut out = [0; 32];
    provider.mac(key, parts, &mut out).map_err(|error| format!("mac: {error:?}"))?;
    Ok(out)
}

pub(super) fn expanded(provider: &dyn Suite, chain: &[u8; 32], label: &[u8]) -> Result<[u8; 32], String> {
    let mut key = [0; 32];
    provider.expand(chain, label, &mut key).map_err(|error| format!("expand: {error:?}"))?;
    Ok(key)
}

pub(super) fn sealed(
    provider: &dyn Suite,
    key: &[u8; 32],
    aad: &[u8],
    text: &[u8],
) -> Result<(Vec<u8>, [u8; 16]), String> {
    let mut text = text.to_vec();
    let tag = provider.seal(key, aad, &mut text).map_err(|error| format!("seal: {error:?}"))?;
    Ok((text, tag))
}

pub(super) fn hash(provider: &dyn Suite) -> Verdict {
    let known = known::of(provider.id());
    hold!(hex::encode(provider.hash(b"abc")) == known.abc, "the hash of abc");
    // Around the block's end, no two alike.
    let mut all = (0..130).map(|length| provider.hash(&vec![7; length])).collect::<Vec<_>>();
    all.sort_unstable();
    hold!(all.windows(2).all(|pair| pair[0] != pair[1]), "two messages with one hash");
    Ok(())
}

pub(super) fn mac(provider: &dyn Suite) -> Verdict {
    for length in [1, 31, 32, 63, 64, 65, 200] {
        let (key, message) = (vec![0xa5; length], vec![0x3c; 3 * length]);
        let expected = hmac_by_hand(provider, &key, &message);
        hold!(mac_of(provider, &key, &[&message])? == expected, "a key of {length} bytes");
        let (first, rest) = message.split_at(length);
        let in_parts = mac_of(provider, &key, &[first, b"", rest])?;
        hold!(in_parts == expected, "the concatenation of the parts, key of {length} bytes");
    }
    hold!(mac_of(provider, b"key", &[])? == hmac_by_hand(provider, b"key", b""), "nothing");
    Ok(())
}

pub(super) fn expand(provider: &dyn Suite) -> Verdict {
    for label in [&b""[..], b"key", &[0x77; 200]] {
        let by_hand = hmac_by_hand(provider, &[0x42; 32], &[label, &[1]].concat());
        hold!(expanded(provider, &[0x42; 32], label)? == by_hand, "label of {} bytes", label.len());
    }
    Ok(())
}

pub(super) fn ratchet(provider: &dyn Suite) -> Verdict {
    let (mut chain, mut key) = ([0x42; 32], [0; 32]);
    provider.ratchet(&mut chain, b"key", b"next", &mut key).map_err(|error| format!("{error:?}"))?;
    hold!(key == expanded(provider, &[0x42; 32], b"key")?, "the key");
    hold!(chain == expanded(provider, &[0x42; 32], b"next")?, "the next chain key");
    Ok(())
}

pub(super) fn seal(provider: &dyn Suite) -> Verdict {
    let known = known::of(provider.id());
    let (text, tag) = sealed(provider, &[0; 32], b"", &[0; 16])?;
    let zeros = hex::encode([&text[..], &tag].concat());
    hold!(zeros == known.sealed_zeros, "the sealing of zeros: {zeros}");
    for length in [0, 1, 15, 16, 17, 100] {
        let text = (0..length).collect::<Vec<u8>>();
        let (mut body, tag) = sealed(provider, &[9; 32], b"aad", &text)?;
        hold!(body.len() == text.len(), "{length} bytes: length");
        hold!(length < 16 || body != text, "{length} bytes: sent in the clear");
        let opened = provider.open(&[9; 32], b"aad", &mut body, &tag);
        hold!(opened == Ok(()) && body == text, "{length} bytes: {opened:?}");
    }
    Ok(())
}

pub(super) fn open_refuses(provider: &dyn Suite) -> Verdict {
    const TEXT: &[u8] = b"seventeen bytes..";
    let key = [9; 32];
    let (body, tag) = sealed(provider, &key, b"aad", TEXT)?;
    let refused = |what: &str, key: &[u8; 32], aad: &[u8], body: &[u8], tag: &[u8; 16]| -> Verdict {
        let mut text = body.to_vec();
        let opened = provider.open(key, aad, &mut text, tag);
        hold!(opened == Err(Error::NotOpened), "{what}: {opened:?}");
        let shows = text.windows(4).any(|part| TEXT.windows(4).any(|plain| plain == part));
        hold!(!shows, "{what}: plaintext of a refused text");
        Ok(())
    };
    for bit in 0..body.len() * 8 {
        let mut altered = body.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        refused("text", &key, b"aad", &altered, &tag)?;
    }
    for bit in 0..128 {
        let mut altered = tag;
        altered[bit / 8] ^= 1 << (bit % 8);
        refused("tag", &key, b"aad", &body, &altered)?;
    }
    // The first half is the key in every suite.
    for bit in 0..128 {
        let mut altered = key;
        altered[bit / 8] ^= 1 << (bit % 8);
        refused("key", &altered, b"aad", &body, &tag)?;
    }
    refused("other aad", &key, b"aae", &body, &tag)?;
    refused("no aad", &key, b"", &body, &tag)?;
    refused("longer aad", &key, b"aad\0", &body, &tag)?;
    refused("cut", &key, b"aad", &body[..16], &tag)?;
    refused("longer", &key, b"aad", &[&body[..], &[0]].concat(), &tag)?;
    // A tag over nothing but the aad: how a chain is closed.
    let (_, closing) = sealed(provider, &key, b"aad", b"")?;
    refused("closing tag, other aad", &key, b"aax", b"", &closing)?;
    let opened = provider.open(&key, b"aad", &mut [], &closing);
    hold!(opened == Ok(()), "closing tag: {opened:?}");
    let zeros = unhex::<16>("00000000000000000000000000000000");
    refused("tag of zeros", &key, b"aad", &body, &zeros)
}
