use super::*;
use crate::SuiteId;
use crate::testing::scan::{self, Masked};

fn pepper() -> MacKey {
    MacKey::make(SuiteId::International).unwrap()
}

fn page(text: &str) -> SecretPage {
    SecretPage::copy_of(text.as_bytes()).unwrap()
}

#[test]
fn a_record_knows_its_password_and_no_other() {
    let pepper = pepper();
    let record = make_record(&pepper, b"W1", &page("739154")).unwrap();
    assert_eq!(verify(&pepper, b"W1", &record, &page("739154")), Ok(Answer::Right));
    for wrong in ["739155", "73915", "7391540", ""] {
        assert_eq!(verify(&pepper, b"W1", &record, &page(wrong)), Ok(Answer::Wrong), "{wrong}");
    }
    // Another wallet's record, and the record under another pepper.
    assert_eq!(verify(&pepper, b"W2", &record, &page("739154")), Ok(Answer::Wrong));
    let other = MacKey::make(SuiteId::International).unwrap();
    assert_eq!(verify(&other, b"W1", &record, &page("739154")), Err(Error::BadRecord));
    // Context and password cannot be cut differently.
    assert_eq!(verify(&pepper, b"W17", &record, &page("39154")), Ok(Answer::Wrong));
    assert_ne!(make_record(&pepper, b"W1", &page("739154")).unwrap(), record, "a fresh salt each time");
}

#[test]
fn a_damaged_record_is_refused_or_wrong_but_never_right() {
    let pepper = pepper();
    let record = make_record(&pepper, b"W1", &page("739154")).unwrap();
    for damaged in [
        "".to_owned(),
        record[1..].to_owned(),
        record[..record.len() - 1].to_owned(),
        format!("{record}$"),
        format!("{record}00"),
        record.replace("t=2", "t=1"),
        record.replace("m=19456", "m=8"),
        record.to_uppercase(),
    ] {
        let answer = verify(&pepper, b"W1", &damaged, &page("739154"));
        assert_eq!(answer, Err(Error::BadRecord), "{damaged}");
    }
    let last = if record.ends_with('0') { "1" } else { "0" };
    let flipped = format!("{}{last}", &record[..record.len() - 1]);
    assert_eq!(verify(&pepper, b"W1", &flipped, &page("739154")), Ok(Answer::Wrong));
}

/// The formula of the module's head, over ring's HMAC and argon2's own allocation.
#[test]
fn a_record_is_what_its_formula_says() {
    let pepper_bytes = [0x5A; 32];
    let pepper = MacKey::from_page(SuiteId::International, SecretPage::copy_of(&pepper_bytes).unwrap());
    let record = make_record(&pepper, b"W1", &page("739154")).unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &pepper_bytes);
    let message = [&b"msgpay password v1"[..], &[0, 0, 0, 0, 0, 0, 0, 2], b"W1", b"739154"].concat();
    let peppered = ring::hmac::sign(&key, &message);
    let fields: Vec<&str> = record.split('$').collect();
    let salt = hex::decode(fields[4]).unwrap();
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, Some(32)).unwrap())
        .hash_password_into(peppered.as_ref(), &salt, &mut hash)
        .unwrap();
    assert_eq!(fields[5], hex::encode(hash));
    assert_eq!((fields[1], fields[2]), ("argon2id", "v=19"));
}

#[test]
fn weak_passwords_are_named() {
    for (password, judgement) in [
        ("739154", Judgement::Good),
        ("112233", Judgement::Good),
        ("121212", Judgement::Good),
        ("123455", Judgement::Good),
        ("908172", Judgement::Good),
        ("000000", Judgement::AllSame),
        ("999999", Judgement::AllSame),
        ("123456", Judgement::Sequence),
        ("456789", Judgement::Sequence),
        ("567890", Judgement::Sequence),
        ("890123", Judgement::Sequence),
        ("654321", Judgement::Sequence),
        ("098765", Judgement::Sequence),
        ("210987", Judgement::Sequence),
        ("12345", Judgement::NotDigits),
        ("1234567", Judgement::NotDigits),
        ("", Judgement::NotDigits),
        ("12345a", Judgement::NotDigits),
        ("aaaaaa", Judgement::NotDigits),
        ("123 45", Judgement::NotDigits),
        ("/.-,+*", Judgement::NotDigits),
        (":;<=>?", Judgement::NotDigits),
    ] {
        assert_eq!(judge(&page(password), 6), Ok(judgement), "{password}");
    }
}

#[test]
fn two_entries_are_compared_without_showing_either() {
    assert_eq!(page("739154").same(&page("739154")), Ok(true));
    assert_eq!(page("739154").same(&page("739155")), Ok(false));
    assert_eq!(page("739154").same(&page("73915")), Ok(false));
}

/// 24 digits: six occur by chance in any memory.
fn canary() -> (SecretPage, Masked) {
    let password = SecretPage::try_make_with(24, |digits| {
        for digit in digits.iter_mut() {
            *digit = b'0' + u8::try_from(random::below(10)?).map_err(|_| Error::Misused)?;
        }
        Ok(24)
    })
    .unwrap();
    let pattern = password.expose(Masked::of).unwrap();
    (password, pattern)
}

/// What Argon2 is given, in disguise.
fn peppered(pepper: &MacKey, password: &SecretPage) -> Masked {
    room::run(|| {
        let mut out = [0; 32];
        let length = 2_u64.to_be_bytes();
        pepper
            .mac_into(&[b"msgpay password v1", &length, b"W1", password.bytes().unwrap()], &mut out)
            .unwrap();
        Masked::of(&out)
    })
    .unwrap()
}

#[test]
fn a_password_stays_in_its_page() {
    let (pepper, (password, pattern)) = (pepper(), canary());
    let pepper_pattern = pepper.key_for_tests().expose(Masked::of).unwrap();
    let peppered = peppered(&pepper, &password);
    let record = make_record(&pepper, b"W1", &password).unwrap();
    assert_eq!(verify(&pepper, b"W1", &record, &password), Ok(Answer::Right));
    assert_eq!(judge(&password, 24), Ok(Judgement::Good));
    assert_eq!(password.same(&password), Ok(true));
    assert_eq!((scan::count(&pattern), scan::count(&pepper_pattern)), (1, 1));
    assert_eq!(scan::count(&peppered), 0);
    drop((password, pepper));
    assert_eq!((scan::count(&pattern), scan::count(&pepper_pattern)), (0, 0));
}

/// The controls: a buffer forgotten on the stack, outside the room, and a password that is turned into text
/// once.
#[test]
fn control_a_forgotten_buffer_or_a_text_is_found() {
    let (pepper, (password, pattern)) = (pepper(), canary());
    let peppered = peppered(&pepper, &password);
    assert_eq!(scan::count(&peppered), 0);
    scan::deep(|| {
        let mut forgotten = [0; 32];
        let length = 2_u64.to_be_bytes();
        let parts = [&b"msgpay password v1"[..], &length, b"W1", password.bytes().unwrap()];
        pepper.mac_into(&parts, std::hint::black_box(&mut forgotten)).unwrap();
    });
    assert!(scan::count(&peppered) > 0);
    let text = password.expose(|digits| String::from_utf8_lossy(digits).into_owned()).unwrap();
    assert!(scan::count(&pattern) > 1, "the page and the text of {} digits", text.len());
}
