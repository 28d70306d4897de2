use super::{Layers, place_of};
use crate::source::Source;

const LIB: &str = "//! A room.\n\npub mod money;\nmod mask;\n\npub mod host;\n\n// features, never each other\nmod keypad;\n\
                   mod factor;\n\npub mod session;\n\npub use money::Fen;\npub use session::{Session, Step as Next};\n";

fn broken(path: &str, text: &str) -> Vec<String> {
    Layers::of(LIB).broken(&[Source::new(path, text)])
}

#[test]
fn reads_groups_and_what_stands_apart() {
    let layers = Layers::of(LIB);
    assert_eq!(layers.modules(), 6);
    assert!(layers.stands_apart("keypad") && layers.stands_apart("factor"));
    assert!(!layers.stands_apart("money") && !layers.stands_apart("session"));
}

#[test]
fn up_and_sideways_is_well() {
    assert!(broken("core/src/session.rs", "use crate::{keypad::Slot, money::Fen};").is_empty());
    assert!(broken("core/src/mask.rs", "use crate::money::Fen;").is_empty());
    assert!(broken("core/src/keypad/seal.rs", "use super::Slot; use super::super::host::Clock;").is_empty());
    assert!(broken("core/src/keypad.rs", "use crate::keypad::seal;").is_empty());
}

#[test]
fn each_way_to_reach_down_is_refused() {
    for text in [
        "use crate::session::Session;",
        "use crate::{money::Fen, session};",
        "fn f(x: crate::session::Session) {}",
        "use crate::Session;",
        "use crate::{Fen, Next};",
    ] {
        assert_eq!(broken("core/src/host.rs", text).len(), 1, "{text}");
    }
    assert_eq!(broken("core/src/host/mod.rs", "use super::session::Session;").len(), 1);
    assert_eq!(broken("core/src/host/clock.rs", "use super::super::session::Session;").len(), 1);
}

#[test]
fn features_may_not_use_each_other() {
    let refused = broken("core/src/keypad/press.rs", "use crate::factor::Factor;");
    assert!(refused[0].contains("each other"), "{refused:?}");
}

#[test]
fn tests_comments_and_strings_are_free() {
    assert!(broken("core/src/host/tests.rs", "use crate::session::Session;").is_empty());
    let text = "// crate::session\nconst T: &str = \"crate::session::x\";\n#[cfg(test)]\nmod tests {\n    use crate::session;\n}\n";
    assert!(broken("core/src/host.rs", text).is_empty());
}

#[test]
fn a_file_outside_every_layer_is_noticed() {
    assert!(broken("core/src/stray.rs", "")[0].contains("no module stray"));
    assert_eq!(place_of("core/src/lib.rs"), None);
    assert_eq!(place_of("core/src/a/b/c.rs"), Some(("a".to_owned(), 2)));
    assert_eq!(place_of("core/src/a/mod.rs"), Some(("a".to_owned(), 0)));
}
