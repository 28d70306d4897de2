use super::*;
use crate::{OpeningKey, SecretPage, SuiteId};

const LABEL: &[u8] = b"test chain";
const INTL: SuiteId = SuiteId::International;

struct Sealed {
    key: OpeningKey,
    enc: Vec<u8>,
    head: Vec<u8>,
    boxes: Vec<[u8; BOX_BYTES]>,
    tag: [u8; 16],
}

fn bytes_of(page: &SecretPage) -> Vec<u8> {
    page.expose(<[u8]>::to_vec).unwrap()
}

fn seal_all(info: &[u8]) -> Sealed {
    let key = OpeningKey::make(INTL).unwrap();
    let (enc, mut chain) = SealChain::setup(INTL, &key.public_key(), info, LABEL).unwrap();
    let head = chain.seal_with(b"layout", b"layout", SecretPage::copy_of(b"0123456789").unwrap()).unwrap();
    let boxes = (1..=64).map(|i| chain.step(&[i], i % 10).unwrap()).collect();
    let tag = chain.close_with(b"close", b"all of it").unwrap();
    Sealed { key, enc, head, boxes, tag }
}

fn open_all(sealed: &Sealed, info: &[u8]) -> Result<Vec<u8>, Error> {
    let mut chain = OpenChain::setup(&sealed.key, &sealed.enc, info, LABEL)?;
    let head = chain.open_with(b"layout", b"layout", &sealed.head)?;
    assert_eq!(bytes_of(&head), b"0123456789");
    let mut slots = SecretPage::with_capacity(64)?;
    for (i, one) in (1..).zip(&sealed.boxes) {
        chain.step_open(&[i], one, &mut slots)?;
    }
    chain.close_with(b"close", b"all of it", &sealed.tag)?;
    Ok(bytes_of(&slots))
}

#[test]
fn what_is_sealed_opens_in_order() {
    let sealed = seal_all(b"context");
    assert_eq!(open_all(&sealed, b"context").unwrap(), (1..=64).map(|i| i % 10).collect::<Vec<u8>>());
}
