mod ciphertext;
mod residue;
mod vectors;

use super::*;

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut out = [0; 32];
    Guomi.mac(key, parts, &mut out).unwrap();
    out
}

/// The key of the examples of GM/T 0003.5-2012 (GB/T 32918.5-2017), annexes A and C, on the recommended curve.
mod example {
    pub(super) const D: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
    pub(super) const P: &str = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                                ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    /// The ephemeral scalar of both examples.
    pub(super) const K: &str = "59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21";
}

/// The group order (GB/T 32918.5 §A), and numbers around it.
const N: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

#[test]
fn scalars_are_from_1_to_n_minus_2() {
    let (mut least, mut most) = ([0; 32], unhex(N));
    least[31] = 1;
    most[31] -= 2;
    for good in [least, most] {
        assert!(Guomi.public_of(&good).is_ok());
        assert!(Guomi.sign(&good, b"m", &[7; 32]).is_ok());
    }
    let (mut minus_one, mut above) = (unhex(N), unhex(N));
    minus_one[31] -= 1;
    above[31] += 1;
    for bad in [[0; 32], unhex(N), minus_one, above, [0xff; 32]] {
        assert_eq!(Guomi.public_of(&bad), Err(Error::BadKey), "{}", hex::encode(bad));
        assert_eq!(Guomi.sign(&bad, b"m", &[7; 32]), Err(Error::BadKey), "{}", hex::encode(bad));
        let sealed = Guomi.encapsulate(&unhex::<65>(example::P), b"", b"", &mut [0; 32]).unwrap();
        assert_eq!(Guomi.decapsulate(&bad, &sealed, b"", b"", &mut [0; 32]), Err(Error::BadKey));
    }
}

#[test]
fn public_keys_are_points_in_65_bytes() {
    let good = unhex::<65>(example::P);
    let mut off = good;
    off[64] ^= 1;
    let mut compressed = good[..33].to_vec();
    compressed[0] = 3;
    let with_tag = |tag| [&[tag], &good[1..]].concat();
    // x not below the field's prime, 2^256 - 2^224 - 2^96 + 2^64 - 1.
    let wide = [&[4][..], &[0xff; 32], &good[33..]].concat();
    let zero = [&[4][..], &[0; 64]].concat();
    let p256 = SuiteId::International.suite().public_of(&unhex(example::K)).unwrap();
    let bad: [&[u8]; 12] = [
        &off,
        &compressed,
        &with_tag(0),
        &with_tag(5),
        &with_tag(6),
        &with_tag(7),
        &wide,
        &zero,
        &p256,
        &good[1..],
        &[0],
        &[],
    ];
    for key in bad {
        let mut chain = [0; 32];
        assert_eq!(Guomi.encapsulate(key, b"", b"", &mut chain), Err(Error::BadKey), "{}", hex::encode(key));
        assert_eq!(chain, [0; 32]);
        assert_eq!(Guomi.verify(key, b"m", &[1; 64]), Err(Error::BadSignature));
    }
}
