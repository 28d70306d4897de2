//! The operations. Each marks its secrets, calls the product as a program would, and says how many bytes of its
//! result still depend on them.

use msgpay_crypto::classify::{self, Reason};
use msgpay_crypto::{
    MacKey, OpenChain, OpeningKey, SealChain, SecretPage, SigningKey, SuiteId, entry, password, secret,
};
#[cfg(feature = "keypad")]
use msgpay_sdk_core::Kind;
use msgpay_timing::{CHAIN, CONTEXT, LAYOUT, SCALAR, opening_key};
use std::hint::black_box;

/// How many bytes of the result are marked, or why it did not work.
type Outcome = Result<usize, String>;

/// What can be done in any suite.
type Operation = fn(SuiteId) -> Outcome;

/// One operation of one suite.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) work: Box<dyn Fn() -> Outcome>,
}

/// All of them.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, work: Box<dyn Fn() -> Outcome>| cases.push(Case { name, work });
    for suite in SuiteId::ALL {
        let operations: [(&str, Operation); 10] = [
            ("key", key),
            ("sign", sign),
            ("mac", mac),
            ("expand", expand),
            ("encapsulate", encapsulate),
            ("decapsulate", decapsulate),
            ("seal", seal),
            ("open", open),
            ("refuse", refuse),
            ("password", stored_password),
        ];
        for (name, work) in operations {
            add(format!("{name} {suite:?}"), Box::new(move || work(suite)));
        }
        #[cfg(feature = "keypad")]
        for kind in Kind::ALL {
            add(format!("press {suite:?} {kind:?}"), Box::new(move || press(suite, kind)));
        }
    }
    for alphabet in [&b"0123456789"[..], b"0123456789X", &PRINTABLE] {
        add(format!("resolve {} slots", alphabet.len()), Box::new(move || resolve(alphabet)));
    }
    add("compare pages".into(), Box::new(compare_pages));
    add("compare bytes".into(), Box::new(compare_bytes));
    add("judge".into(), Box::new(judge));
    cases
}

fn text(error: msgpay_crypto::Error) -> String {
    error.to_string()
}

/// A page whose content is marked.
fn page(bytes: &[u8]) -> Result<SecretPage, String> {
    SecretPage::make_with(bytes.len(), |place| {
        place.copy_from_slice(bytes);
        classify::secret(place);
    })
    .map_err(text)
}

/// A marked copy, for what takes no page.
fn marked<const N: usize>(bytes: [u8; N]) -> [u8; N] {
    let mut copy = bytes;
    classify::secret(&mut copy);
    black_box(copy)
}

fn marks_of(page: &SecretPage) -> Outcome {
    page.expose(classify::secret_bytes).map_err(text)
}

fn public_key(suite: SuiteId) -> Result<[u8; 65], String> {
    Ok(opening_key(suite).map_err(text)?.public_key())
}

/// From a scalar to a key with its public half, and back into a page.
fn key(suite: SuiteId) -> Outcome {
    let page = page(&SCALAR)?;
    let key = SigningKey::from_scalar(suite, &page).map_err(text)?;
    if key.public_key() != public_key(suite)? {
        return Err("another public key".into());
    }
    SigningKey::make(suite).map_err(text)?;
    marks_of(&page)
}

fn sign(suite: SuiteId) -> Outcome {
    let key = SigningKey::from_scalar(suite, &page(&SCALAR)?).map_err(text)?;
    let mut signature = key.sign(b"label and message").map_err(text)?;
    let marks = classify::secret_bytes(&signature);
    classify::public(&mut signature, Reason::Sent);
    suite.suite().verify(&key.public_key(), b"label and message", &signature).map_err(text)?;
    Ok(marks)
}

fn mac(suite: SuiteId) -> Outcome {
    let key = MacKey::from_page(suite, page(&[7; 32])?);
    let secret_part = marked([9; 100]);
    let tag = key.mac(&[b"label", &secret_part]).map_err(text)?;
    let marks = classify::secret_bytes(&tag);
    let mut given = tag;
    classify::public(&mut given, Reason::Sent);
    key.verify(&[b"label", &secret_part], &given).map_err(text)?;
    given[31] ^= 1;
    if key.verify(&[b"label", &secret_part], &given).is_ok() {
        return Err("a wrong tag passed".into());
    }
    Ok(marks)
}

fn expand(suite: SuiteId) -> Outcome {
    let (mut chain, mut key) = (marked([5; 32]), [0; 32]);
    suite.suite().expand(&chain, b"label", &mut key).map_err(text)?;
    suite.suite().ratchet(&mut chain, b"key", b"next", &mut key).map_err(text)?;
    Ok(classify::secret_bytes(&chain) + classify::secret_bytes(&key))
}

/// The ephemeral key and the seed are drawn inside and marked at the door of randomness.
fn encapsulate(suite: SuiteId) -> Outcome {
    let mut chain = [0; 32];
    suite.suite().encapsulate(&public_key(suite)?, CONTEXT, CHAIN, &mut chain).map_err(text)?;
    Ok(classify::secret_bytes(&chain))
}

fn decapsulate(suite: SuiteId) -> Outcome {
    let mut chain = [0; 32];
    let encapsulation =
        suite.suite().encapsulate(&public_key(suite)?, CONTEXT, CHAIN, &mut chain).map_err(text)?;
    suite.suite().decapsulate(&marked(SCALAR), &encapsulation, CONTEXT, CHAIN, &mut chain).map_err(text)?;
    Ok(classify::secret_bytes(&chain))
}

/// A sealed layout, boxes and the closing tag, made public as they would be by sending them.
struct Sealed {
    encapsulation: Vec<u8>,
    layout: Vec<u8>,
    boxes: Vec<[u8; 17]>,
    close: [u8; 16],
    marks: usize,
}

fn sealed(suite: SuiteId) -> Result<Sealed, String> {
    let (encapsulation, mut chain) =
        SealChain::setup(suite, &public_key(suite)?, CONTEXT, CHAIN).map_err(text)?;
    let mut layout = chain.seal_with(b"layout", b"layout", page(LAYOUT)?).map_err(text)?;
    let slots = marked([2, 0, 4, 4, 0xFD, 9]);
    let mut boxes = Vec::new();
    for (at, slot) in (1..).zip(black_box(&slots)) {
        boxes.push(chain.step(&[at], *slot).map_err(text)?);
    }
    // Eight boxes in place of 64: the others would only be more of the same.
    for at in 7..=8 {
        boxes.push(chain.step(&[at], 0xFF).map_err(text)?);
    }
    let mut close = chain.close_with(b"close", CONTEXT).map_err(text)?;
    let mut marks = classify::secret_bytes(&layout) + classify::secret_bytes(&close);
    for sealed in &mut boxes {
        marks += classify::secret_bytes(sealed);
        classify::public(sealed, Reason::Sent);
    }
    classify::public(&mut layout, Reason::Sent);
    classify::public(&mut close, Reason::Sent);
    Ok(Sealed { encapsulation, layout, boxes, close, marks })
}

fn seal(suite: SuiteId) -> Outcome {
    sealed(suite).map(|sealed| sealed.marks)
}

fn receiver(suite: SuiteId, encapsulation: &[u8]) -> Result<OpenChain, String> {
    let key = OpeningKey::from_scalar(suite, &page(&SCALAR)?).map_err(text)?;
    OpenChain::setup(&key, encapsulation, CONTEXT, CHAIN).map_err(text)
}

/// What the institution does with an envelope, to the judgement.
fn open(suite: SuiteId) -> Outcome {
    let sealed = sealed(suite)?;
    let mut chain = receiver(suite, &sealed.encapsulation)?;
    let layout = chain.open_with(b"layout", b"layout", &sealed.layout).map_err(text)?;
    let mut slots = SecretPage::with_capacity(sealed.boxes.len()).map_err(text)?;
    for (at, sealed) in (1..).zip(&sealed.boxes) {
        chain.step_open(&[at], sealed, &mut slots).map_err(text)?;
    }
    chain.close_with(b"close", CONTEXT, &sealed.close).map_err(text)?;
    let typed = entry::resolve(&layout, &slots, 1, b"0123456789").map_err(text)?;
    let _ = password::judge(&typed, 6).map_err(text)?;
    Ok(marks_of(&typed)? + marks_of(&slots)? + marks_of(&layout)?)
}

/// Changed boxes and tags: the way to the refusal.
fn refuse(suite: SuiteId) -> Outcome {
    let mut sealed = sealed(suite)?;
    sealed.layout[3] ^= 1;
    sealed.boxes[0][16] ^= 1;
    sealed.close[0] ^= 1;
    let opened = receiver(suite, &sealed.encapsulation)?.open_with(b"layout", b"layout", &sealed.layout);
    let mut slots = SecretPage::with_capacity(1).map_err(text)?;
    let stepped = receiver(suite, &sealed.encapsulation)?.step_open(&[1], &sealed.boxes[0], &mut slots);
    let closed = receiver(suite, &sealed.encapsulation)?.close_with(b"close", CONTEXT, &sealed.close);
    if opened.is_ok() || stepped.is_ok() || closed.is_ok() {
        return Err("a changed box opened".into());
    }
    Ok(sealed.marks)
}

/// The keypad as a host presses it; where each finger went is the secret.
#[cfg(feature = "keypad")]
fn press(suite: SuiteId, kind: Kind) -> Outcome {
    let (mut keypad, _keys) = msgpay_timing::keypad::open(suite, kind, public_key(suite)?, 4..=6)?;
    let slots = marked([3, 1, 4, 1, 5, 9]);
    for slot in black_box(&slots) {
        keypad.press(*slot).map_err(|fault| format!("{fault:?}"))?;
    }
    keypad.erase().map_err(|fault| format!("{fault:?}"))?;
    keypad.press(black_box(&slots)[2]).map_err(|fault| format!("{fault:?}"))?;
    if keypad.press(marked([0xF0])[0]).is_ok() {
        return Err("a key that is not there was pressed".into());
    }
    keypad.confirm().map_err(|fault| format!("{fault:?}"))?;
    Ok(classify::secret_bytes(&slots))
}

/// Every sign of a full keyboard: 0x21 to 0x7E.
const PRINTABLE: [u8; 94] = {
    let mut signs = [0; 94];
    let mut at = 0_u8;
    while at < 94 {
        signs[at as usize] = 0x21 + at;
        at += 1;
    }
    signs
};

/// From slots and a layout to characters, corrections and a refused press included.
fn resolve(alphabet: &[u8]) -> Outcome {
    let count = u8::try_from(alphabet.len()).map_err(|e| e.to_string())?;
    let mut layout = vec![1, count];
    layout.extend(alphabet.iter().rev());
    let layout = page(&layout)?;
    let mut slots = [0xFF; 64];
    slots[..9].copy_from_slice(&[1, 0xFE, 3, 5, 0xFD, 7, 7, 2, 0]);
    let typed = entry::resolve(&layout, &page(&slots)?, 1, alphabet).map_err(text)?;
    if typed.len() != 5 {
        return Err(format!("{} characters", typed.len()));
    }
    let refused = entry::resolve(&layout, &page(&[count])?, 1, alphabet);
    if refused.is_ok() {
        return Err("a press that is no slot was resolved".into());
    }
    marks_of(&typed)
}

fn compare_pages() -> Outcome {
    let (one, same, other) = (page(&[8; 32])?, page(&[8; 32])?, page(&[9; 32])?);
    let answers = (one.same(&same).map_err(text)?, one.same(&other).map_err(text)?);
    if answers != (true, false) { Err(format!("{answers:?}")) } else { marks_of(&one) }
}

fn compare_bytes() -> Outcome {
    let one = marked([8; 32]);
    let answers = (secret::same(&one, &[8; 32]), secret::same(&one, &[9; 32]));
    if answers != (true, false) { Err(format!("{answers:?}")) } else { Ok(classify::secret_bytes(&one)) }
}

fn judge() -> Outcome {
    use password::Judgement;
    let mut marks = 0;
    for (typed, wanted) in [
        (b"480275", Judgement::Good),
        (b"48027a", Judgement::NotDigits),
        (b"777777", Judgement::AllSame),
        (b"901234", Judgement::Sequence),
    ] {
        let typed = page(typed)?;
        let judged = password::judge(&typed, 6).map_err(text)?;
        if judged != wanted {
            return Err(format!("{judged:?}"));
        }
        marks += marks_of(&typed)?;
    }
    Ok(marks)
}

/// The stored password: made, tried right and wrong.
fn stored_password(suite: SuiteId) -> Outcome {
    let pepper = MacKey::from_page(suite, page(&[6; 32])?);
    let (right, wrong) = (page(b"480275")?, page(b"480276")?);
    let record = password::make_record(&pepper, b"wallet", &right).map_err(text)?;
    let tried = |typed| password::verify(&pepper, b"wallet", &record, typed).map_err(text);
    if (tried(&right)?, tried(&wrong)?) != (password::Answer::Right, password::Answer::Wrong) {
        return Err("the wrong answer".into());
    }
    marks_of(&right)
}
