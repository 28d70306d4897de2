//! Links that any application can fire.

use msgpay_wire::launch::{LaunchToken, Link};

/// A link that is read is written as a link that says the same.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(link) = Link::read(text) {
        assert_eq!(Link::read(&link.text()), Ok(link.clone()));
        assert!(text.len() <= 2048);
        if let Ok(institution) = LaunchToken::institution_claimed(&link.token) {
            assert!((1..=64).contains(&institution.len()));
        }
    }
}
