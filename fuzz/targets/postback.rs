//! Postbacks of buttons: `p1|verb|reference|argument|expires|kid|mac`.

use msgpay_messaging::address::TelUri;
use msgpay_messaging::postback::{PostbackKey, PostbackKeys, read_unverified};

/// The key under which the seeds were issued.
pub const KEY: [u8; 32] = [0x5a; 32];
/// Its name.
pub const KID: &str = "k1";
/// Who may tap the seeds' buttons.
pub const SENDER: &str = "tel:+8619900001234";

/// What is believed is, to the byte, what the key would issue.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(sender) = TelUri::parse(SENDER) else { return };
    let keys = PostbackKeys::new(PostbackKey::new(KID, KEY), Vec::new());
    let form = read_unverified(text).is_ok();
    if let Ok(claims) = keys.verify(text, &sender, 0) {
        assert!(form);
        assert_eq!(keys.issue(&claims, &sender), text);
    }
}
