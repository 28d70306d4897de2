//! The threads; opening and verifying are tested on the whole road (domain/tests).

mod opening;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

use super::threads::Threads;

#[tokio::test]
async fn work_runs_on_the_threads_and_comes_back() {
    let threads = Threads::start(1).unwrap();
    let name = threads.run(|| std::thread::current().name().map(str::to_owned)).await.unwrap();
    assert_eq!(name.as_deref(), Some("factors-0"));
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_done_all_the_same_and_a_panic_stops_one_answer_only() {
    let threads = Threads::start(2).unwrap();
    let done = Arc::new(AtomicUsize::new(0));
    let (gate, wait) = mpsc::channel();
    let count = Arc::clone(&done);
    let polled = futures_util::future::poll_immediate(Box::pin(threads.run(move || {
        wait.recv().unwrap();
        count.fetch_add(1, Ordering::SeqCst);
    })))
    .await;
    assert!(polled.is_none());
    gate.send(()).unwrap();
    assert!(threads.run(|| panic!("a defect")).await.is_err(), "the answer is an error, not a hang");
    while done.load(Ordering::SeqCst) == 0 {
        threads.run(|| ()).await.unwrap();
    }
}

#[test]
fn the_door_lets_in_two_seconds_of_work_per_thread() {
    for workers in [1, 3] {
        let threads = Threads::start(workers).unwrap();
        let rooms: Vec<_> = std::iter::from_fn(|| threads.admit()).collect();
        assert_eq!(rooms.len(), workers * 80);
        drop(rooms);
        assert!(threads.admit().is_some());
    }
}

#[tokio::test]
async fn a_defect_in_one_piece_of_work_costs_no_thread() {
    let threads = super::threads::Threads::start(1).unwrap();
    let lost = threads.run(|| -> u8 { panic!("a defect") }).await;
    assert!(lost.is_err());
    assert_eq!(threads.run(|| 5).await.unwrap(), 5);
}
