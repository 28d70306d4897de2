//! The SDK across the line, as a third language: the scenarios that Kotlin and Swift run too, from Rust, against a real
//! platform; and a page's bridge.

#![expect(clippy::unwrap_used, reason = "a scene that cannot be set fails its test")]

mod bridge;
mod house;
mod play;
mod scenario;
mod session;

use std::sync::Arc;

use tokio::{sync::Semaphore, task::JoinSet};

/// How many stages stand at a time.
const SIDE_BY_SIDE: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_scenario_ends_as_written() {
    let room = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let mut running = JoinSet::new();
    for scenario in scenario::all() {
        let room = room.clone();
        running.spawn(async move {
            let _turn = room.acquire().await.expect("nobody closes it");
            let wrong = play::play(&scenario).await;
            (scenario.name, wrong)
        });
    }
    let mut played = running.join_all().await;
    played.retain(|(_, wrong)| !wrong.is_empty());
    assert!(played.is_empty(), "{played:#?}");
}

/// The player sees a scenario that does not end as written: each thing that it judges, changed alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_scenario_that_is_written_wrong_is_found() {
    type Spoil = fn(&mut scenario::Scenario);
    let paid: &[Spoil] = &[
        |one| one.books.debits = Some(0),
        |one| one.books.open = 1,
        |one| one.parts[0].ends.outcome = Some("not_paid".to_owned()),
        |one| one.parts[0].ends.error = Some("host.keystore".to_owned()),
        |one| one.parts[0].answers[0].at = "enter_password".to_owned(),
        |one| drop(one.parts[0].answers.pop()),
    ];
    let wrong: &[Spoil] = &[
        |one| one.parts[0].ends.todo = Some("nothing".to_owned()),
        |one| one.parts[0].ends.why = Some("locked".to_owned()),
        |one| one.parts[0].ends.tries_left = Some(5),
    ];
    let keystore: &[Spoil] = &[|one| one.parts[0].ends.error = Some("host.vault".to_owned())];
    for (name, spoils) in [
        ("a payment is paid once", paid),
        ("a wrong password is counted, and the right one pays", wrong),
        ("a keystore that fails sends nothing", keystore),
    ] {
        for (at, spoil) in spoils.iter().enumerate() {
            let mut one = scenario::all().into_iter().find(|one| one.name == name).unwrap();
            spoil(&mut one);
            assert!(!play::play(&one).await.is_empty(), "{name}: {at}");
        }
    }
}
