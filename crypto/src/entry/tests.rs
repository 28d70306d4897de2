use super::*;

const DIGITS: &[u8] = b"0123456789";

fn page(bytes: &[u8]) -> SecretPage {
    SecretPage::copy_of(bytes).unwrap()
}

fn layout(faces: &[u8]) -> SecretPage {
    page(&[&[1, 10], faces].concat())
}

fn typed(presses: &[u8]) -> Result<Vec<u8>, Error> {
    let resolved = resolve(&layout(b"7391548206"), &page(presses), 1, DIGITS)?;
    Ok(resolved.expose(<[u8]>::to_vec).unwrap())
}

#[test]
fn slots_become_the_characters_that_lay_there() {
    assert_eq!(typed(&[0, 1, 2, 9, 8, 7]).unwrap(), b"739602");
}

#[test]
fn commands_take_back() {
    for (presses, left) in [
        (&[0, DELETE, 1, NO_OPERATION, 2][..], &b"39"[..]),
        (&[0, 1, 2, CLEAR, 3], b"1"),
        (&[DELETE, DELETE, 4], b"5"),
        (&[0, 1, DELETE, DELETE, DELETE], b""),
        (&[5; 64], &[b'4'; 64]),
        (&[NO_OPERATION; 64], b""),
        (&[], b""),
    ] {
        assert_eq!(typed(presses).unwrap(), left, "{presses:?}");
    }
}

#[test]
fn what_was_taken_back_is_not_left_in_the_page() {
    let resolved =
        resolve(&layout(b"7391548206"), &page(&[0, 1, 2, CLEAR, 3, 4, DELETE]), 1, DIGITS).unwrap();
    assert_eq!(resolved.len(), 1);
    let space = resolved.space_for_tests();
    assert_eq!(space, b"1\0\0\0\0\0\0");
}

#[test]
fn a_press_beside_the_keys_is_refused() {
    for odd in [10, 11, 0x7F, 0xFC] {
        assert_eq!(typed(&[0, odd, 1]), Err(Error::BadEntry), "{odd}");
    }
}

#[test]
fn a_layout_is_a_permutation_of_its_alphabet() {
    let good = b"7391548206";
    let cases: [(&str, Vec<u8>); 7] = [
        ("twice the same", [&[1, 10], &b"7391548200"[..]].concat()),
        ("a stranger", [&[1, 10], &b"739154820A"[..]].concat()),
        ("another kind", [&[2, 10], &good[..]].concat()),
        ("wrong count", [&[1, 9], &good[..]].concat()),
        ("too short", [&[1, 10], &good[..9]].concat()),
        ("too long", [&[1, 10], &good[..], b"1"].concat()),
        ("no head", vec![1]),
    ];
    for (name, bytes) in cases {
        let refused = resolve(&page(&bytes), &page(&[0]), 1, DIGITS).err();
        assert_eq!(refused, Some(Error::BadEntry), "{name}");
    }
}

#[test]
fn an_alphabet_keeps_clear_of_the_commands() {
    assert_eq!(resolve(&layout(DIGITS), &page(&[0]), 1, &[]).err(), Some(Error::Misused));
    assert_eq!(resolve(&layout(DIGITS), &page(&[0]), 1, &[7; 254]).err(), Some(Error::Misused));
}

#[test]
fn the_longest_entry_is_resolved_whole() {
    assert_eq!(typed(&[5; 255]).unwrap(), [b'4'; 255]);
    let resolved = resolve(&layout(b"7391548206"), &page(&[5; 256]), 1, DIGITS);
    assert_eq!(resolved.err(), Some(Error::Misused));
}

/// Every kind's alphabet, up to the 94 slots of a full keyboard.
#[test]
fn each_slot_of_the_longest_alphabet_is_its_own_character() {
    let alphabet: Vec<u8> = (0x21..=0x7E).collect();
    let mut shuffled = alphabet.clone();
    shuffle(&mut shuffled, &mut crate::random::below).unwrap();
    let whole = page(&[&[4, 94], &shuffled[..]].concat());
    let all: Vec<u8> = (0..94).collect();
    let resolved = resolve(&whole, &page(&all), 4, &alphabet).unwrap();
    assert_eq!(resolved.expose(<[u8]>::to_vec).unwrap(), shuffled);
    assert_eq!(resolve(&whole, &page(&[94]), 4, &alphabet).err(), Some(Error::BadEntry));
}

#[test]
fn a_layout_says_its_kind_and_an_entry_whether_it_was_touched() {
    assert_eq!(kind_of(&layout(DIGITS)), Ok(Some(1)));
    assert_eq!(kind_of(&page(&[])), Ok(None));
    assert_eq!(untouched(&page(&[NO_OPERATION; 64])), Ok(true));
    for press in [0, DELETE, CLEAR, NO_OPERATION ^ 0x80] {
        assert_eq!(untouched(&page(&[NO_OPERATION, press, NO_OPERATION])), Ok(false), "{press}");
    }
}
