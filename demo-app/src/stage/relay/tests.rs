use super::*;

/// An echo that answers every burst with 300 bytes and counts what it received.
async fn echo() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let received = Arc::new(AtomicUsize::new(0));
    let count = received.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = count.clone();
            tokio::spawn(async move {
                let mut buffer = vec![0; 8192];
                while let Ok(n @ 1..) = stream.read(&mut buffer).await {
                    count.fetch_add(n, Ordering::SeqCst);
                    if stream.write_all(&[1; 300]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, received)
}

async fn ask(relay: &Relay, bytes: usize) -> usize {
    let Ok(mut stream) = TcpStream::connect(relay.address()).await else { return 0 };
    if stream.write_all(&vec![7; bytes]).await.is_err() {
        return 0;
    }
    let mut buffer = vec![0; 8192];
    stream.read(&mut buffer).await.unwrap_or(0)
}

#[tokio::test]
async fn each_cut_takes_what_it_says_once_and_heals() {
    let (address, received) = echo().await;
    let relay = Relay::start(address).await.unwrap();
    assert_eq!(ask(&relay, 2000).await, 300, "whole");
    let before = received.load(Ordering::SeqCst);
    relay.cut(Cut::Answer);
    assert_eq!(ask(&relay, 100).await, 300, "a small request is not the one");
    assert_eq!(ask(&relay, 2000).await, 0, "its answer is swallowed");
    assert_eq!(received.load(Ordering::SeqCst), before + 2100, "the request arrived");
    assert_eq!(relay.cuts_made(), 1);
    assert_eq!(ask(&relay, 2000).await, 300, "whole again");
    let before = received.load(Ordering::SeqCst);
    relay.cut(Cut::Request);
    assert_eq!(ask(&relay, 2000).await, 0);
    assert_eq!(received.load(Ordering::SeqCst), before, "nothing arrived");
    relay.cut(Cut::All);
    assert_eq!(ask(&relay, 10).await, 0);
    relay.cut(Cut::None);
    assert_eq!(ask(&relay, 10).await, 300);
}
