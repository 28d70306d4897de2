//! The envelope of a sealed entry, its form first, then the opener with an institution's key.

use msgpay_crypto::{OpenChain, OpeningKey, SecretPage, SuiteId};
use msgpay_wire::entry::{BOX_BYTES, ENVELOPE_BYTES_MAX, Envelope, PRESSES, label};

/// A form that is read writes the same bytes within its bounds; no form makes the opener panic, and none that was
/// not sealed opens.
pub fn run(data: &[u8]) {
    let Ok(envelope) = Envelope::read(data) else { return };
    assert_eq!(envelope.encode(), data);
    assert!(data.len() <= ENVELOPE_BYTES_MAX, "{} bytes", data.len());
    assert_eq!(envelope.presses().count(), PRESSES);
    assert!(envelope.presses().all(|sealed| sealed.len() == BOX_BYTES));
    assert!(!opens(&envelope), "nothing here was sealed to this key");
}

fn opens(envelope: &Envelope) -> bool {
    let Ok(suite) = SuiteId::from_number(envelope.suite.number()) else { return false };
    let opened = SecretPage::copy_of(&[7; 32]).and_then(|scalar| {
        let key = OpeningKey::from_scalar(suite, &scalar)?;
        let context = envelope.context([1; 16], [2; 32]).encode();
        let mut chain = OpenChain::setup(&key, &envelope.encapsulated, &context, label::CHAIN)?;
        chain.open_with(label::LAYOUT, label::LAYOUT, &envelope.layout)
    });
    opened.is_ok()
}
