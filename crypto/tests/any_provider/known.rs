//! Known answers by suite. The chain keys were computed by a program of its own, in another language, which
//! gives the exporter values of RFC 9180 A.3.1 and A.1.1 too; SM4's sealing of zeros by another one over the `openssl` command.

use msgpay_crypto::SuiteId;

pub(super) struct Known {
    /// Hash of "abc".
    pub(super) abc: &'static str,
    /// A private scalar; a seed in suite 3.
    pub(super) scalar: &'static str,
    pub(super) public: &'static str,
    /// The first number that is no private scalar any more; `None` where every number but zero is a private key.
    pub(super) end_of_scalars: Option<&'static str>,
    /// The group order, which neither r nor s of a signature may reach; in the byte order of the signature.
    pub(super) order: &'static str,
    pub(super) message: &'static [u8],
    /// Of `message` by the key of `scalar`.
    pub(super) signature: &'static str,
    pub(super) opening_scalar: &'static str,
    /// To the key of `opening_scalar`.
    pub(super) encapsulation: &'static str,
    /// What it gives with [`INFO`] and [`LABEL`].
    pub(super) chain: &'static str,
    /// Sealing of 16 zero bytes under the zero key, without further data: text, then tag.
    pub(super) sealed_zeros: &'static str,
}

pub(super) const LABEL: &[u8] = b"TestContext";

/// RFC 9180 A.3.1.
pub(super) fn info() -> Vec<u8> {
    b"Ode on a Grecian Urn".to_vec()
}

pub(super) fn of(id: SuiteId) -> &'static Known {
    match id {
        SuiteId::International => &INTERNATIONAL,
        SuiteId::Guomi => &GUOMI,
        SuiteId::Curve25519 => &CURVE25519,
        other => unreachable!("a suite without known answers: {other:?}"),
    }
}

const INTERNATIONAL: Known = Known {
    // FIPS 180-4.
    abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    // RFC 6979 A.2.5, with SHA-256 and "sample".
    scalar: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    public: "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
             7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    end_of_scalars: Some("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    message: b"sample",
    signature: "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    // RFC 9180 A.3.1.
    opening_scalar: "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
    encapsulation: "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9\
                    8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
    chain: "47d00c7e0fc8876e88795bc49217ae852c642b6d53773e695e4ca50003e242e0",
    // The GCM specification's test case 14.
    sealed_zeros: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
};

const GUOMI: Known = Known {
    // GB/T 32905-2016, annex A.
    abc: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    // GM/T 0003.5-2012, annex A.
    scalar: "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8",
    public: "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
             ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
    end_of_scalars: Some("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122"),
    order: "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123",
    message: b"message digest",
    signature: "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    // The key and the ephemeral scalar of annex C, over a seed of 32 bytes 5e.
    opening_scalar: "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8",
    encapsulation: "308189022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
                    022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
                    04208e9051e966858d0d3b45abfa7f8fb725d301553a7ff468be53586b3d78ebce1d\
                    04201ab85185aee4b64a69380d2ae0ac39175a32c05dd83d77147aadb2920d6009c4",
    chain: "d9e5091b06969af5f5c3a4bcbf369b3a78519fb19e5d1ecc3f411f51c61b5ed1",
    sealed_zeros: "7de2aa7f1110188218063be1bfeb6d89b851b5f39493752be508f1bb4482c557",
};

/// Key pair and signature by that program too, over the `cryptography` package's Ed25519 and X25519.
const CURVE25519: Known = Known {
    abc: INTERNATIONAL.abc,
    scalar: "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
    public: "40eb0cc226940db56aeea82f310826fbd3349e34623edca75079dda25e7b2d668b\
             0b0220dba30749a1eccb0b4ac5b3eeed873009c97035f487bdf054fbf45fe555",
    end_of_scalars: None,
    // RFC 8032 §5.1.
    order: "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
    message: b"sample",
    signature: "3fb8111ed345f0eea24d73b6177b30098078dd58476009afb33c0ee98cd59dd1\
                7befef25231c0da64e872ddb974f58d7cbbe7834efd7f85cf13171e7c791120d",
    opening_scalar: "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
    // The ephemeral key of RFC 9180 A.1.1.
    encapsulation: "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
    chain: "d40c66068b7ccc643afa9207cd5a8630c04c5893a11a8a5516dc01aec64f6950",
    sealed_zeros: INTERNATIONAL.sealed_zeros,
};

/// Reads hexadecimal digits of `N` bytes.
pub(super) fn unhex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}
