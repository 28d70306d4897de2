//! What one peer may cost: size, time, connections.

use std::time::Duration;

use msgpay_platform::clock::{Clock as _, SystemClock};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::common::{World, connect, exchange, handset, read_answer};

#[tokio::test]
async fn ten_megabytes_are_refused_without_being_kept() {
    let (world, merchant) = World::with_merchant().await;
    let mut request = merchant.request(&world, "/v1/pay/orders", &" ".repeat(10 << 20)).signed(&merchant);
    let answer = world.send(&merchant, &request).await;
    assert_eq!(answer.problem(), "413 5G-1413");
    assert!(answer.is_signed_for(&request, &world.http_public_key()));
    request.body = vec![b' '; 65_537];
    assert_eq!(world.send(&merchant, &request).await.problem(), "413 5G-1413", "one byte too many");
    let to_sdk = handset::request(&world, "/sdk/v1/payments", &vec![0; 10 << 20]);
    assert_eq!(handset::send(&world, &to_sdk).await.problem(), "413 5G-1413");
}

#[tokio::test]
async fn a_chunked_body_has_the_same_limit() {
    let (world, merchant) = World::with_merchant().await;
    let mut bytes = b"POST /v1/pay/orders HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                      transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        .to_vec();
    for _ in 0..10 {
        bytes.extend(b"2000\r\n");
        bytes.extend([b' '; 0x2000]);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    let tls = world.merchant_tls(&merchant.files);
    let answer = exchange(tls, world.running.merchant_addr().port(), &bytes).await.unwrap();
    assert_eq!(answer.problem(), "413 5G-1413");
}

#[tokio::test]
async fn a_body_that_trickles_is_refused_in_time() {
    let world = World::start_with(|config| config.limits.body_ms_max = 600).await;
    let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
    let mut stream =
        connect(world.merchant_tls(&merchant.files), world.running.merchant_addr().port()).await.unwrap();
    let head = "POST /v1/pay/orders HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                content-length: 1000\r\n\r\n{";
    let began_ms = SystemClock.now_ms();
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = tokio::io::split(stream);
    let trickle = tokio::spawn(async move {
        while write.write_all(b" ").await.is_ok() && write.flush().await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let mut all = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), read.read_to_end(&mut all)).await.unwrap();
    trickle.abort();
    assert_eq!(crate::common::Answer::parse(&all).unwrap().problem(), "408 5G-1408");
    let took_ms = SystemClock.now_ms() - began_ms;
    assert!((600..5_000).contains(&took_ms), "{took_ms}");
}

#[tokio::test]
async fn headers_that_never_end_cost_the_connection() {
    let world = World::start_with(|config| config.limits.header_ms_max = 400).await;
    let mut stream = connect(world.plain_tls(), world.running.sdk_addr().port()).await.unwrap();
    stream.write_all(b"POST /sdk/v1/payments HTTP/1.1\r\nhost: local").await.unwrap();
    let began_ms = SystemClock.now_ms();
    let mut all = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut all)).await.unwrap();
    assert!(SystemClock.now_ms() - began_ms < 5_000);
    assert!(!all.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&all));
}

#[tokio::test]
async fn a_peer_that_never_speaks_tls_loses_its_connection() {
    let world = World::start_with(|config| config.limits.header_ms_max = 400).await;
    let mut tcp = tokio::net::TcpStream::connect(world.running.sdk_addr()).await.unwrap();
    let mut all = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), tcp.read_to_end(&mut all)).await.unwrap();
}

#[tokio::test]
async fn endless_headers_are_refused() {
    let world = World::start().await;
    let head =
        format!("POST /sdk/v1/payments HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(64 << 10));
    let answer = exchange(world.plain_tls(), world.running.sdk_addr().port(), head.as_bytes()).await;
    assert!(answer.is_err() || answer.unwrap().status == 431);
}

#[tokio::test]
async fn above_the_cap_connections_wait_their_turn() {
    let world = World::start_with(|config| config.limits.connections_max = 1).await;
    let first = connect(world.plain_tls(), world.running.sdk_addr().port()).await.unwrap();
    let second = connect(world.plain_tls(), world.running.sdk_addr().port());
    tokio::pin!(second);
    let waits = tokio::time::timeout(Duration::from_millis(300), &mut second).await;
    assert!(waits.is_err(), "no handshake while the only seat is taken");
    drop(first);
    let mut second = tokio::time::timeout(Duration::from_secs(10), second).await.unwrap().unwrap();
    let request = handset::request(&world, "/sdk/v1/payments", b"");
    second.write_all(&request.bytes()).await.unwrap();
    assert_eq!(read_answer(&mut second).await.unwrap().problem(), "401 5G-1002");
}

#[tokio::test]
async fn a_drain_ends_by_itself_and_closes_the_door() {
    let world = World::start_with(|config| config.limits.drain_ms_max = 500).await;
    let address = world.running.sdk_addr();
    let _idle = connect(world.plain_tls(), address.port()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), world.running.stop()).await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
