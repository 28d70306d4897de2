//! What lies behind the seal: a layout with its presses, or a PIN's block. Whoever has the seal key's public half may
//! seal anything.

use msgpay_crypto::SecretPage;
use msgpay_crypto::entry::{self, pin};
use msgpay_wire::entry::Kind;

/// The key of the block, and the account that it is for.
pub const BLOCK_KEY: [u8; 32] = [7; 32];
pub const ACCOUNT: &[u8] = b"6222020000000001234";

/// The first byte is the layout's length, then layout and presses. What resolves is of the alphabet and no longer than
/// the presses; what unpacks is a PIN.
pub fn run(data: &[u8]) {
    let Some((layout, presses)) = parts(data) else { return };
    let kind = layout.first().and_then(|kind| Kind::from_number(*kind)).unwrap_or(Kind::Numeric);
    if let Some(typed) = resolved(layout, presses, kind) {
        assert!(typed.len() <= presses.len(), "{} of {}", typed.len(), presses.len());
        assert!(typed.iter().all(|character| kind.alphabet().contains(character)), "{typed:?}");
    }
    if let Some(digits) = unpacked(layout) {
        assert!(pin::DIGITS.contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit), "{digits:?}");
    }
}

/// Layout and presses.
pub fn parts(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = data.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

/// The characters, when there are any.
pub fn resolved(layout: &[u8], presses: &[u8], kind: Kind) -> Option<Vec<u8>> {
    let (layout, presses) = (SecretPage::copy_of(layout).ok()?, SecretPage::copy_of(presses).ok()?);
    let typed = entry::resolve(&layout, &presses, kind.number(), kind.alphabet()).ok()?;
    typed.expose(<[u8]>::to_vec).ok()
}

/// The digits, when it is a block.
pub fn unpacked(member: &[u8]) -> Option<Vec<u8>> {
    let (member, key) = (SecretPage::copy_of(member).ok()?, SecretPage::copy_of(&BLOCK_KEY).ok()?);
    let digits = pin::open_block(&member, &key, Kind::Pin.number(), ACCOUNT).ok()?;
    digits.expose(<[u8]>::to_vec).ok()
}
