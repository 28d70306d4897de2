use super::*;

#[test]
fn luhn_takes_what_is_right_and_no_single_slip() {
    // ISO/IEC 7812-1's own construction, for each length of a card number.
    for length in 12..=19_usize {
        let mut number: Vec<u8> = (0..length).map(|at| b'0' + u8::try_from(at * 7 % 10).unwrap()).collect();
        let right: Vec<u8> = (b'0'..=b'9')
            .filter(|check| {
                number[length - 1] = *check;
                luhn(&number)
            })
            .collect();
        assert_eq!(right.len(), 1, "one check digit fits");
        number[length - 1] = right[0];
        for at in 0..length {
            for other in (b'0'..=b'9').filter(|digit| *digit != number[at]) {
                let mut slip = number.clone();
                slip[at] = other;
                assert!(!luhn(&slip), "{at}");
            }
        }
    }
    assert!(luhn(b"4111111111111111") && luhn(b"6222021234567890128") && !luhn(b"4111111111111112"));
}

#[test]
fn the_check_character_of_an_identity_number() {
    // The example of GB 11643-1999 annex A, and one with X.
    assert!(gb_11643(b"11010519491231002X") == reference(b"11010519491231002X"));
    for start in 0..40_u32 {
        let mut number = format!("{}", 11_010_519_491_231_000_u64 + u64::from(start) * 37).into_bytes();
        number.push(b'0');
        let right: Vec<u8> = b"0123456789X"
            .iter()
            .copied()
            .filter(|check| {
                number[17] = *check;
                gb_11643(&number)
            })
            .collect();
        assert_eq!(right.len(), 1);
        number[17] = right[0];
        assert!(reference(&number));
    }
    assert!(!gb_11643(b"1101051949123100"), "of another length");
}

/// The standard's table of check characters.
fn reference(number: &[u8]) -> bool {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize =
        number.iter().zip(weights).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    b"10X98765432"[sum % 11] == number[17]
}

#[test]
fn a_birth_date_is_a_day_that_was() {
    let on = |day: &str| date(format!("110105{day}0000").as_bytes());
    for day in ["19491231", "20000229", "20240229", "19000228", "20991231", "19960229"] {
        assert!(on(day), "{day}");
    }
    for day in
        ["19000229", "20230229", "20230431", "20231301", "20230001", "20230100", "20230132", "18991231"]
    {
        assert!(!on(day), "{day}");
    }
    assert!(!on("21000101"));
}

#[test]
fn x_stands_at_the_end_or_nowhere() {
    assert!(x_is_last(b"11010519491231002X") && x_is_last(b"110105194912310011"));
    assert!(!x_is_last(b"1101051949123100X1") && !x_is_last(b"X1010519491231002X"));
}

#[test]
fn the_remainder_is_the_remainder() {
    for sum in 0..1_270 {
        assert_eq!((remainder(sum, 10), remainder(sum, 11)), (sum % 10, sum % 11), "{sum}");
    }
}

#[test]
fn length_comes_first_then_form_then_check() {
    assert_eq!(judge(Kind::CardNumber, b"4111111111111111", false), Verdict::Incomplete);
    assert_eq!(judge(Kind::CardNumber, b"4111111111111111", true), Verdict::Good);
    assert_eq!(judge(Kind::CardNumber, b"4111111111111112", true), Verdict::Check);
    assert_eq!(judge(Kind::IdNumber, b"X1010519491231002X", true), Verdict::Form);
}
