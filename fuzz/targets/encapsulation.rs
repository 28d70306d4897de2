//! What stands for the key in an envelope: a point of P-256, or an SM2 ciphertext in DER, through decapsulation.

use msgpay_crypto::SuiteId;

/// No bytes make it panic; what is taken is taken as it is, with nothing behind it, and gives the same key again.
pub fn run(data: &[u8]) {
    for suite in SuiteId::ALL {
        let suite = suite.suite();
        let open = |bytes: &[u8]| {
            let mut chain = [0; 32];
            suite.decapsulate(&[7; 32], bytes, b"info", b"label", &mut chain).ok().map(|()| chain)
        };
        if let Some(chain) = open(data) {
            assert_eq!(open(data), Some(chain));
            assert_ne!(chain, [0; 32]);
            assert_eq!(open(&[data, &[0]].concat()), None, "bytes behind its end");
            assert_eq!(open(&data[..data.len() - 1]), None, "cut short");
        }
    }
}
