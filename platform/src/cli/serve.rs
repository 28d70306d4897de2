//! `serve`: run until told to stop.

use std::path::Path;

use tokio::signal::unix::{SignalKind, signal};

use super::{End, Failure, Say, args};
use crate::{clock::SharedClock, config::Config, log, serve::Running};

pub(super) async fn serve(args: &args::Serve, clock: SharedClock, say: &mut Say<'_>) -> Result<End, Failure> {
    let config = Config::read(&args.on.config)?;
    // In process with another program there may be a log already; then that one is used.
    let _ = tracing::subscriber::set_global_default(log::subscriber(clock.clone(), tracing::Level::INFO));
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut running = Running::start(&config, clock).await?;
    let ready = serde_json::json!({
        "ready": true,
        "merchant": running.merchant_addr().to_string(),
        "sdk": running.sdk_addr().to_string(),
        "pid": std::process::id(),
    });
    if let Some(file) = &args.ready_file {
        write_whole(file, format!("{ready}\n").as_bytes())?;
    }
    say.result(&ready, &ready.to_string())?;
    let closed = closed(args.until_stdin_closes);
    tokio::pin!(closed);
    let asked = loop {
        tokio::select! {
            _ = terminate.recv() => break true,
            _ = interrupt.recv() => break true,
            () = &mut closed => break true,
            () = running.broken() => break false,
            _ = hang_up.recv() => running.reread_keys(),
        }
    };
    running.stop().await;
    if asked {
        Ok(End::Good)
    } else {
        Err(Failure::Refused("work in the background ended by itself; report this as a defect".to_owned()))
    }
}

/// Ends when standard input is at its end; never, unless that was asked for. A thread of its own waits, since a blocked
/// read of a terminal cannot be cancelled.
async fn closed(asked: bool) {
    if !asked {
        return std::future::pending().await;
    }
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // An unreadable standard input is as closed as one at its end.
        let _ended = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _nobody_waits = ended.send(());
    });
    // The sender is dropped only after it has sent.
    let _sent = end.await;
}

/// Readers see the whole file or none: written beside it, then renamed.
fn write_whole(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, bytes)?;
    std::fs::rename(&beside, file)
}
