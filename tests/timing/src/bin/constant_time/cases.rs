//! The operations. Each marks its secrets, calls the product as a program would, and says by what it shows that the
//! marks came through.

mod keypad;

use msgpay_crypto::classify::{self, Reason};
use msgpay_crypto::entry::{self, Typed, pin};
use msgpay_crypto::{
    MacKey, OpenChain, OpeningKey, SealChain, SecretPage, SigningKey, SuiteId, password, secret,
};
use msgpay_sdk_core::Kind;
use msgpay_timing::{CHAIN, CONTEXT, LAYOUT, SCALAR, opening_key};
use std::hint::black_box;

/// What depended on the secrets when the case was over, by name, and how much of it: bytes of a result, or, where only
/// a verdict leaves, how often one that did depend was let out for that [`Reason`]. Nothing that went in is counted.
/// Or why it did not work.
pub(crate) type Outcome = Result<Vec<(String, u64)>, String>;

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
        for kind in Kind::ALL {
            add(format!("press {suite:?} {kind:?}"), Box::new(move || keypad::press(suite, kind)));
        }
    }
    for alphabet in [&b"0123456789"[..], b"0123456789X", &PRINTABLE] {
        add(format!("resolve {} slots", alphabet.len()), Box::new(move || resolve(alphabet)));
    }
    for kind in [Kind::CardNumber, Kind::IdNumber] {
        add(format!("review {kind:?}"), Box::new(move || keypad::review(kind)));
    }
    let others: [(&str, fn() -> Outcome); 5] = [
        ("compare pages", compare_pages),
        ("compare bytes", compare_bytes),
        ("judge", judge),
        ("form", form),
        ("unpack", unpack),
    ];
    for (name, work) in others {
        add(name.into(), Box::new(work));
    }
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

fn result(bytes: &[u8]) -> (String, u64) {
    ("result".into(), classify::secret_bytes(bytes) as u64)
}

fn result_in(page: &SecretPage) -> Result<(String, u64), String> {
    page.expose(result).map_err(text)
}

/// How often something that depended on a secret was let out for `why`, from here on.
struct LetOut(Reason, usize);

impl LetOut {
    fn from_here(why: Reason) -> Self {
        Self(why, uses(why))
    }

    fn so_far(&self) -> (String, u64) {
        (format!("{:?}", self.0), (uses(self.0) - self.1) as u64)
    }
}

fn uses(why: Reason) -> usize {
    classify::uses().into_iter().find(|(of, _)| *of == why).map_or(0, |(_, times)| times)
}

fn public_key(suite: SuiteId) -> Result<[u8; 65], String> {
    Ok(opening_key(suite).map_err(text)?.public_key())
}

/// From a scalar to a key with its public half, and back into a page.
fn key(suite: SuiteId) -> Outcome {
    let sent = LetOut::from_here(Reason::Sent);
    let page = page(&SCALAR)?;
    let key = SigningKey::from_scalar(suite, &page).map_err(text)?;
    if key.public_key() != public_key(suite)? {
        return Err("another public key".into());
    }
    SigningKey::make(suite).map_err(text)?;
    Ok(vec![sent.so_far()])
}

fn sign(suite: SuiteId) -> Outcome {
    let key = SigningKey::from_scalar(suite, &page(&SCALAR)?).map_err(text)?;
    let mut signature = key.sign(b"label and message").map_err(text)?;
    let marks = result(&signature);
    classify::public(&mut signature, Reason::Sent);
    suite.suite().verify(&key.public_key(), b"label and message", &signature).map_err(text)?;
    Ok(vec![marks])
}

fn mac(suite: SuiteId) -> Outcome {
    let key = MacKey::from_page(suite, page(&[7; 32])?);
    let secret_part = marked([9; 100]);
    let tag = key.mac(&[b"label", &secret_part]).map_err(text)?;
    let marks = result(&tag);
    let mut given = tag;
    classify::public(&mut given, Reason::Sent);
    key.verify(&[b"label", &secret_part], &given).map_err(text)?;
    given[31] ^= 1;
    if key.verify(&[b"label", &secret_part], &given).is_ok() {
        return Err("a wrong tag passed".into());
    }
    Ok(vec![marks])
}

fn expand(suite: SuiteId) -> Outcome {
    let (mut chain, mut key) = (marked([5; 32]), [0; 32]);
    suite.suite().expand(&chain, b"label", &mut key).map_err(text)?;
    suite.suite().ratchet(&mut chain, b"key", b"next", &mut key).map_err(text)?;
    Ok(vec![result(&chain), result(&key)])
}

/// The ephemeral key and the seed are drawn inside and marked at the door of randomness.
fn encapsulate(suite: SuiteId) -> Outcome {
    let mut chain = [0; 32];
    suite.suite().encapsulate(&public_key(suite)?, CONTEXT, CHAIN, &mut chain).map_err(text)?;
    Ok(vec![result(&chain)])
}

fn decapsulate(suite: SuiteId) -> Outcome {
    let mut chain = [0; 32];
    let encapsulation =
        suite.suite().encapsulate(&public_key(suite)?, CONTEXT, CHAIN, &mut chain).map_err(text)?;
    suite.suite().decapsulate(&marked(SCALAR), &encapsulation, CONTEXT, CHAIN, &mut chain).map_err(text)?;
    Ok(vec![result(&chain)])
}

/// A sealed layout, boxes and the closing tag, made public as they would be by sending them.
struct Sealed {
    encapsulation: Vec<u8>,
    layout: Vec<u8>,
    boxes: Vec<[u8; 17]>,
    close: [u8; 16],
    marks: Vec<(String, u64)>,
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
    let mut marks = vec![result(&layout), result(&close)];
    for sealed in &mut boxes {
        marks.push(result(sealed));
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
    if entry::kind_of(&layout).map_err(text)? != Some(1) || entry::untouched(&slots).map_err(text)? {
        return Err("another entry".into());
    }
    let typed = entry::resolve(&layout, &slots, 1, b"0123456789").map_err(text)?;
    let _ = password::judge(&typed, 6).map_err(text)?;
    Ok(vec![result_in(&typed)?, result_in(&slots)?, result_in(&layout)?])
}

/// Changed boxes and tags: the way to the refusal. What leaves is the library's own branch on its verdict, which
/// memcheck reports and declassified.toml lets be: so the reports are counted.
fn refuse(suite: SuiteId) -> Outcome {
    let mut sealed = sealed(suite)?;
    let before = classify::reports();
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
    Ok(vec![("verdicts".into(), classify::reports() - before)])
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
    Ok(vec![result_in(&typed)?])
}

fn compare_pages() -> Outcome {
    let answered = LetOut::from_here(Reason::Answered);
    let (one, same, other) = (page(&[8; 32])?, page(&[8; 32])?, page(&[9; 32])?);
    let answers = (one.same(&same).map_err(text)?, one.same(&other).map_err(text)?);
    if answers == (true, false) { Ok(vec![answered.so_far()]) } else { Err(format!("{answers:?}")) }
}

fn compare_bytes() -> Outcome {
    let answered = LetOut::from_here(Reason::Answered);
    let one = marked([8; 32]);
    let answers = (secret::same(&one, &[8; 32]), secret::same(&one, &[9; 32]));
    if answers == (true, false) { Ok(vec![answered.so_far()]) } else { Err(format!("{answers:?}")) }
}

fn judge() -> Outcome {
    use password::Judgement;
    let answered = LetOut::from_here(Reason::Answered);
    for (typed, wanted) in [
        (b"480275", Judgement::Good),
        (b"48027a", Judgement::NotDigits),
        (b"777777", Judgement::AllSame),
        (b"901234", Judgement::Sequence),
    ] {
        let judged = password::judge(&page(typed)?, 6).map_err(text)?;
        if judged != wanted {
            return Err(format!("{judged:?}"));
        }
    }
    Ok(vec![answered.so_far()])
}

/// What the institution asks of an opened number, beside its kind and its layout.
fn form() -> Outcome {
    let refused = LetOut::from_here(Reason::Refused);
    for (number, wanted) in [(b"11010519491231002X", true), (b"X10105194912310021", false)] {
        let look = |number: &[u8]| classify::public_bit(Kind::IdNumber.has_form(number), Reason::Refused);
        if page(number)?.expose(look).map_err(text)? != wanted {
            return Err("the wrong verdict".into());
        }
    }
    Ok(vec![refused.so_far()])
}

/// A PIN's block packed by the handset, and unpacked by the institution under its own key and under another.
fn unpack() -> Outcome {
    const ACCOUNT: &[u8] = b"6222020000000001234";
    let kind = Kind::Pin.number();
    let refused = LetOut::from_here(Reason::Refused);
    let mut typed =
        Typed::over(page(b"\x05\x0a7391548206")?, kind, Kind::Pin.alphabet(), 12).map_err(text)?;
    for slot in black_box(&marked([4, 9, 1, 3])) {
        typed.press(*slot).map_err(text)?;
    }
    let (key, other) = (page(&[3; 32])?, page(&[4; 32])?);
    let member = pin::seal_block(typed, &key, kind, ACCOUNT).map_err(text)?;
    let digits = pin::open_block(&member, &key, kind, ACCOUNT).map_err(text)?;
    if pin::open_block(&member, &other, kind, ACCOUNT).is_ok() {
        return Err("a block opened under another key".into());
    }
    if !entry::untouched(&page(&[entry::NO_OPERATION; 64])?).map_err(text)? {
        return Err("a press that nobody made".into());
    }
    Ok(vec![result_in(&member)?, result_in(&digits)?, refused.so_far()])
}

/// The stored password: made, tried right and wrong.
fn stored_password(suite: SuiteId) -> Outcome {
    let (stored, answered) = (LetOut::from_here(Reason::Stored), LetOut::from_here(Reason::Answered));
    let pepper = MacKey::from_page(suite, page(&[6; 32])?);
    let (right, wrong) = (page(b"480275")?, page(b"480276")?);
    let record = password::make_record(&pepper, b"wallet", &right).map_err(text)?;
    let tried = |typed| password::verify(&pepper, b"wallet", &record, typed).map_err(text);
    if (tried(&right)?, tried(&wrong)?) != (password::Answer::Right, password::Answer::Wrong) {
        return Err("the wrong answer".into());
    }
    Ok(vec![stored.so_far(), answered.so_far()])
}
