//! When the platform does not start: a second one, a pepper of another book, receipts that could not be signed.

use std::sync::Arc;

use msgpay_platform::{
    clock::SystemClock,
    keys::{
        KeyError,
        manifest::{MANIFEST, Manifest},
    },
    serve::{Running, StartError},
};
use msgpay_wire::{SuiteId, launch::LaunchToken, launch::Link, trust::Purpose};
use sqlx::Connection as _;

use crate::common::{
    Merchant, World,
    handset::{Handset, PASSWORD},
    now_s,
};

async fn link(world: &World, merchant: &Merchant, no: &str) -> Link {
    let answer = world.order(merchant, &merchant.order_body(no).to_string()).await;
    Link::read(answer.json()["payUrl"].as_str().unwrap()).unwrap()
}

async fn started(world: &World) -> Result<Running, StartError> {
    Running::start(&world.config, Arc::new(SystemClock)).await
}

#[tokio::test]
async fn one_platform_serves_from_a_database() {
    let world = World::start().await;
    assert!(matches!(started(&world).await.err(), Some(StartError::Serving { .. })));
    let (end, said) = world.command(&["check"]).await;
    assert_eq!(end, "ExitCode(unix_exit_status(0))", "commands go on beside it: {said}");
    let World { dir: _dir, pki: _pki, config, running } = world;
    running.stop().await;
    Running::start(&config, Arc::new(SystemClock)).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_platform_that_could_not_judge_or_conclude_does_not_start() {
    let world = World::start().await;
    let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
    let handset = Handset::ready(&world, "100000").await;
    let link = link(&world, &merchant, "M-starting").await;
    let (launched, _) = handset.launch(&world, &link).await;
    assert_eq!(handset.pay(&world, &launched, PASSWORD).await.status, 200);
    let World { dir: _dir, pki: _pki, config, running } = world;
    running.stop().await;
    let start = || Running::start(&config, Arc::new(SystemClock));

    let pepper = config.keys.dir.join("pepper.key");
    let right = std::fs::read(&pepper).unwrap();
    std::fs::write(&pepper, [9; 32]).unwrap();
    assert!(matches!(start().await.err(), Some(StartError::Pepper)));
    std::fs::write(&pepper, right).unwrap();

    // As after a crash before the bank's word, in a suite that is no longer among the configured ones.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&config.store.path);
    let mut book = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    for sql in [
        "UPDATE pay_attempt SET status = 'UNKNOWN', settled_at = NULL",
        "UPDATE server_nonce SET suite = 2 WHERE attempt_no IS NOT NULL",
    ] {
        assert_eq!(sqlx::query(sql).execute(&mut book).await.unwrap().rows_affected(), 1, "{sql}");
    }
    start().await.unwrap().stop().await;
    let mut manifest = Manifest::read(&config.keys.dir).unwrap();
    manifest.key.retain(|entry| entry.purpose != Purpose::Receipt.word() || entry.kid % 100 < 50);
    std::fs::write(config.keys.dir.join(MANIFEST), toml::to_string(&manifest).unwrap()).unwrap();
    let refused = start().await.err();
    assert!(
        matches!(refused, Some(StartError::Keys(KeyError::NoneLive { suite: "guomi", .. }))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_link_of_a_withdrawn_key_is_refused() {
    let world = World::start().await;
    let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
    let handset = Handset::ready(&world, "100000").await;
    let link = link(&world, &merchant, "M-starting").await;
    let now = u64::try_from(now_s()).unwrap();
    let (_, key) =
        LaunchToken::open(&msgpay_platform::keys::BuiltIn, &handset.roots, &link.token, now).unwrap();
    assert_eq!(key.suite, SuiteId::International);
    assert_eq!(handset.try_launch(&world, &link.token).await.status, 200, "good until then");
    world.command(&["keys", "rotate", "--purpose", "launch"]).await;
    let (_, said) = world.command(&["keys", "withdraw", &key.kid.to_string()]).await;
    assert_eq!(said["withdrawn"], key.kid);
    let World { dir, pki, config, running } = world;
    running.stop().await;
    let running = Running::start(&config, Arc::new(SystemClock)).await.unwrap();
    let world = World { dir, pki, config, running };
    assert_eq!(handset.try_launch(&world, &link.token).await.problem(), "401 5G-1002");
}
