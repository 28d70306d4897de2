use super::*;
use std::panic;
use std::process::Command;

const NAME: &str = "room::tests::hook::a_hook_that_is_set_later_is_kept_out_too";
const STEPS: &str = "MSGPAY_HOOK_STEPS";

/// How often the hook of a program is called, whose second panic is inside the room and third outside.
fn called(steps: &str) -> usize {
    let this = std::env::current_exe().unwrap();
    let child = Command::new(this).args(["--exact", "--nocapture", NAME]).env(STEPS, steps).output().unwrap();
    let text = String::from_utf8_lossy(&[child.stdout, child.stderr].concat()).into_owned();
    assert!(child.status.success() && text.contains("1 passed"), "{text}");
    text.matches("the program's hook").count()
}

/// What such a program does.
fn program(steps: &str) {
    let own = crate::secret::process_number();
    for step in steps.split(' ') {
        match step {
            "sets" => panic::set_hook(Box::new(|_| eprintln!("the program's hook"))),
            // The allocation of the door is free again, and may be given to what comes next.
            "drops" => drop(panic::take_hook()),
            "chains" => {
                let before = panic::take_hook();
                panic::set_hook(Box::new(move |what| before(what)));
            }
            "tells" => keep_hook_out(),
            "uses" => assert_eq!(run(|| 1), Ok(1)),
            // Another thread has taken the hook out and not put it back yet.
            "held" => crate::room::hook::hold_turn_of(own),
            "free" => crate::room::hook::hold_turn_of(0),
            // A thread of the parent had its turn at the fork.
            "forked" => crate::room::hook::hold_turn_of(own + 1),
            "inside" => assert_eq!(run(|| panic!("on purpose, inside")), Err::<(), _>(Error::RoomBroken)),
            "outside" => assert!(panic::catch_unwind(|| panic!("on purpose, outside")).is_err()),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_hook_that_is_set_later_is_kept_out_too() {
    if let Ok(steps) = std::env::var(STEPS) {
        return program(&steps);
    }
    assert_eq!(called("uses sets outside"), 1, "outside the hook is the program's");
    assert_eq!(called("uses sets tells inside inside outside"), 1);
    assert_eq!(called("uses drops sets tells inside outside"), 1);
    assert_eq!(called("uses sets tells chains tells tells inside outside"), 1);
    assert_eq!(called("uses forked sets tells inside outside"), 1);
    // The control: nobody was told, so one panic gets through, and that one tells.
    assert_eq!(called("uses sets inside inside inside outside"), 2);
}

/// Whoever took the hook out in another's turn would put a door before nothing, and the program's hook would be lost.
#[test]
fn one_thread_at_a_time_changes_the_hook() {
    assert_eq!(called("uses sets held tells inside free outside"), 2, "no door was put up in another's turn");
    assert_eq!(called("uses sets held tells free tells inside outside"), 1);
    // The first use found no turn: a later one sees to it.
    assert_eq!(called("sets held uses free uses inside outside"), 1);
}

/// With backtraces switched on, the default hook moves what lies there into long-lived heap memory, and prints the
/// library's text.
#[test]
fn a_panic_calls_no_hook_inside() {
    let again = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "room::tests::a_panic_is_caught_wiped_and_reported"])
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&[again.stdout, again.stderr].concat()).into_owned();
    assert!(again.status.success() && text.contains("1 passed"), "{text}");
    assert!(!text.contains("on purpose"), "{text}");
}
