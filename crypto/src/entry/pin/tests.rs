use super::*;
use crate::{OpenChain, OpeningKey, SealChain, SuiteId};
use aes::Aes128;

const ACCOUNT: &[u8] = b"1234567890123456789";

fn page(bytes: &[u8]) -> SecretPage {
    SecretPage::copy_of(bytes).unwrap()
}

fn typed(digits: &[u8]) -> Typed {
    let mut typed = Typed::over(page(b"\x05\x0a0123456789"), 5, b"0123456789", 12).unwrap();
    digits.iter().for_each(|digit| assert!(typed.press(digit - b'0').is_ok()));
    typed
}

fn read(page: &SecretPage) -> Vec<u8> {
    page.expose(<[u8]>::to_vec).unwrap()
}

/// Worked example of format 4 with a key of 128 bits; the construction does not depend on the key's length.
#[test]
fn the_known_answer() {
    let key = hex::decode("00112233445566778899AABBCCDDEEFF").unwrap();
    let cipher = Aes128::new(key.as_slice().try_into().unwrap());
    let account = account_field(ACCOUNT).unwrap();
    let mut block = [0; BLOCK_BYTES];
    pin_field(b"1234", &[0xFF; 8], &mut block);
    assert_eq!(hex::encode(block), "441234aaaaaaaaaaffffffffffffffff");
    assert_eq!(hex::encode(account), "71234567890123456789000000000000");
    encipher(&cipher, &account, &mut block);
    assert_eq!(hex::encode_upper(block), "28B41FDDD29B743E93124BD8E32D921E");
    decipher(&cipher, &account, &mut block);
    let mut digits = [0; 12];
    assert_eq!(digits_of(&block, &mut digits), Ok(4));
    assert_eq!(&digits[..5], b"1234\0");
}

#[test]
fn every_length_comes_back_and_no_two_blocks_are_alike() {
    let key = SecretPage::random(32).unwrap();
    for digits in [&b"0000"[..], b"1234", b"99999999", b"123456789012"] {
        let one = seal_block(typed(digits), &key, 5, ACCOUNT).unwrap();
        let two = seal_block(typed(digits), &key, 5, ACCOUNT).unwrap();
        assert_ne!(read(&one), read(&two));
        assert_eq!((read(&one).len(), &read(&one)[..2]), (18, &[5, 16][..]));
        assert_eq!(read(&open_block(&one, &key, 5, ACCOUNT).unwrap()), digits);
    }
}

#[test]
fn another_account_key_kind_or_byte_does_not_open() {
    let key = SecretPage::random(32).unwrap();
    let sealed = seal_block(typed(b"1234"), &key, 5, ACCOUNT).unwrap();
    let opened = |member: &[u8], key: &SecretPage, kind, account: &[u8]| {
        open_block(&page(member), key, kind, account).err()
    };
    let member = read(&sealed);
    assert_eq!(opened(&member, &key, 5, ACCOUNT), None, "control");
    assert_eq!(opened(&member, &key, 1, ACCOUNT), Some(Error::BadEntry));
    assert_eq!(opened(&member[..17], &key, 5, ACCOUNT), Some(Error::BadEntry));
    assert_eq!(opened(&member, &key, 5, b"12345"), Some(Error::Misused));
    // A block carries no tag of its own (the envelope has one): a wrong key or account shows by the format's 8 fixed
    // nibbles and 4 decimal ones, which a block of chance has once in 2^30.
    assert_eq!(opened(&member, &SecretPage::random(32).unwrap(), 5, ACCOUNT), Some(Error::BadEntry));
    assert_eq!(opened(&member, &key, 5, b"1234567890123456780"), Some(Error::BadEntry));
    for at in 2..18 {
        let mut changed = member.clone();
        changed[at] ^= 1;
        assert_eq!(opened(&changed, &key, 5, ACCOUNT), Some(Error::BadEntry), "{at}");
    }
}

#[test]
fn lengths_are_those_of_the_standard() {
    let key = SecretPage::random(32).unwrap();
    for (digits, account) in [
        (&b"123"[..], ACCOUNT),
        (b"1234", b"12345678901"),
        (b"1234", b"12345678901234567890"),
        (b"1234", b"123456789012345x"),
        (b"1234", b""),
    ] {
        assert_eq!(seal_block(typed(digits), &key, 5, account).err(), Some(Error::Misused));
    }
}

#[test]
fn what_is_not_of_the_format_is_refused() {
    let mut out = [0; 12];
    for field in
        ["541234aaaaaaaaaa", "431234aaaaaaaaaa", "4d1234aaaaaaaaaa", "44123faaaaaaaaaa", "441234aaaaaaaaa0"]
    {
        let mut block = [0; BLOCK_BYTES];
        block[..8].copy_from_slice(&hex::decode(field).unwrap());
        assert_eq!(digits_of(&block, &mut out), Err(Error::BadEntry), "{field}");
    }
}

#[test]
fn both_ends_of_a_chain_expand_the_same_key_without_moving() {
    for id in SuiteId::ALL {
        let opening = OpeningKey::make(id).unwrap();
        let (enc, mut seal) = SealChain::setup(id, &opening.public_key(), b"context", b"chain").unwrap();
        let mut open = OpenChain::setup(&opening, &enc, b"context", b"chain").unwrap();
        let key = seal.key_for(b"pin block").unwrap();
        assert!(key.same(&open.key_for(b"pin block").unwrap()).unwrap());
        assert!(!key.same(&seal.key_for(b"other").unwrap()).unwrap());
        assert_eq!(seal.key_for(b"next").err(), Some(Error::Misused));
        let member = seal_block(typed(b"1234"), &key, 5, ACCOUNT).unwrap();
        let sealed = seal.seal_with(b"layout", b"layout", member).unwrap();
        let member = open.open_with(b"layout", b"layout", &sealed).unwrap();
        assert_eq!(read(&open_block(&member, &key, 5, ACCOUNT).unwrap()), b"1234");
        assert!(!key.same(&seal.key_for(b"pin block").unwrap()).unwrap(), "each position has its own");
    }
}
