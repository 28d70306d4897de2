//! What the institution's desk does without memory: certify, open an envelope, write an answer.

use msgpay_crypto::{self as crypto, OpenChain, OpeningKey, SecretPage, SigningKey};
use msgpay_wire::{
    Digest,
    entry::{self, Envelope},
    problem::{Code, Problem},
    trust::{KeyStatement, Purpose},
};

use super::ManualClock;
use crate::{Answer, Clock as _, SuiteId};

pub(super) type Opened = (entry::EntryPurpose, Vec<u8>);

/// What was typed; only a test may read it out.
pub(crate) fn open_envelope(
    seal: &OpeningKey,
    envelope: &Envelope,
    server_nonce: [u8; 16],
    order_digest: Digest,
) -> Option<Vec<u8>> {
    let context = envelope.context(server_nonce, order_digest).encode();
    let mut chain = OpenChain::setup(seal, &envelope.encapsulated, &context, entry::label::CHAIN).ok()?;
    let layout = chain.open_with(entry::label::LAYOUT, entry::label::LAYOUT, &envelope.layout).ok()?;
    let mut slots = SecretPage::with_capacity(entry::PRESSES).ok()?;
    for (place, sealed) in (1_u8..).zip(envelope.presses()) {
        chain.step_open(&[place], sealed.try_into().ok()?, &mut slots).ok()?;
    }
    let transcript =
        Envelope::transcript(&context, &envelope.encapsulated, &envelope.layout, &envelope.boxes);
    chain.close_with(entry::label::CLOSE, &transcript, &envelope.close).ok()?;
    let typed = crypto::entry::resolve(&layout, &slots, entry::Kind::Numeric.number(), b"0123456789").ok()?;
    typed.expose(<[u8]>::to_vec).ok()
}

/// The root with its number and suite.
pub(crate) struct RootKey {
    pub(super) key: SigningKey,
    pub(super) kid: u64,
    pub(super) suite: SuiteId,
}

/// A statement of a key of `suite`, whichever suite the root itself is of.
pub(super) fn certify(
    root: &RootKey,
    id: &str,
    (suite, purpose): (SuiteId, Purpose),
    kid: u64,
    public_key: [u8; 65],
    now: u64,
) -> Vec<u8> {
    let statement = KeyStatement {
        institution_id: id.to_owned(),
        purpose,
        kid,
        suite,
        public_key,
        not_before: now - 3_600,
        not_after: now + 86_400 * 30,
    };
    statement.sign(root.suite, root.kid, |m| root.key.sign(m).map(|s| s.to_vec())).unwrap()
}

pub(super) fn now_s(clock: &ManualClock) -> u64 {
    u64::try_from(clock.unix_ms() / 1_000).unwrap()
}

pub(super) fn good(body: Vec<u8>) -> Answer {
    Answer { status: 200, content_type: "application/cbor".into(), body }
}

pub(crate) fn refused(code: Code, receipt: Option<Vec<u8>>) -> Answer {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut problem = Problem::new(code);
    problem.receipt = receipt.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    let content_type = "application/problem+json".into();
    Answer { status: code.status(), content_type, body: problem.encode() }
}
