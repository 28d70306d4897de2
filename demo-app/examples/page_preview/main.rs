//! Shows the page with canned screens: for looking at the page while drawing it. Nothing here pays.
//!
//! `cargo run -p msgpay-demo --example page_preview [-- SCREEN]` prints an address. Without a screen it shows the
//! first; any tap that would move the story on shows the next. `--list` names the screens.

mod screens;

use std::io::Write as _;

use msgpay_demo::view::Tap;
use msgpay_demo::web::{Door, serve};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    let wish = std::env::args().nth(1);
    if wish.as_deref() == Some("--list") {
        return screens::NAMES.iter().try_for_each(|name| writeln!(out, "{name}"));
    }
    let mut at = match &wish {
        None => 0,
        Some(wish) => screens::NAMES.iter().position(|name| name == wish).ok_or_else(|| {
            std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                format!("no screen is called {wish}: see --list"),
            )
        })?,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(out, "{}", Door::url(listener.local_addr()?))?;
    let (view, seen) = watch::channel(screens::view(screens::NAMES[at]));
    let (sender, mut taps) = mpsc::channel(16);
    // A preview holds no wallet, so its door may have a key that everybody knows.
    let server = tokio::spawn(serve(listener, Door::from_bytes(*b"preview fixtures"), seen, sender));
    while let Some(tap) = taps.recv().await {
        match tap {
            Tap::Key { .. } | Tap::Delete => {
                view.send_modify(|view| screens::typed(view, tap == Tap::Delete))
            }
            Tap::SetFault { name, on } => view.send_modify(|view| {
                view.faults.iter_mut().filter(|fault| fault.name == name).for_each(|fault| fault.on = on);
            }),
            Tap::Say { .. } | Tap::DismissBanner => {}
            _ => {
                at = (at + 1) % screens::NAMES.len();
                let _ = view.send(screens::view(screens::NAMES[at]));
            }
        }
    }
    server.await?
}
