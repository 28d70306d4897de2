//! Taking rotated keys up while the platform serves: the manifest is looked at every second, and read in any case when
//! the operator asks (SIGHUP).

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::{
    KeyError,
    ring::{KeyRing, Look},
};
use crate::clock::SharedClock;

/// How often the manifest is looked at.
const POLL: Duration = Duration::from_secs(1);

/// Keep `ring` with its manifest until `stop`. `asked` wakes it at once.
pub async fn run(ring: Arc<KeyRing>, clock: SharedClock, asked: Arc<Notify>, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    // The complaint of the last look: one that stays the same is said once.
    let mut said = None;
    loop {
        let look = tokio::select! {
            () = &mut stop => return,
            () = asked.notified() => Look::Anyway,
            () = tokio::time::sleep(POLL) => Look::IfChanged,
        };
        let (reread, now_s) = (Arc::clone(&ring), clock.now_s());
        // Files, and a dozen of private keys to be opened: not on a thread that serves.
        let looked = tokio::task::spawn_blocking(move || reread.reread(look, now_s)).await;
        said = match looked {
            Ok(looked) => tell(look, looked, said.as_deref()),
            Err(_) => tell_kept("the reading ended early".to_owned(), look, said.as_deref()),
        };
    }
}

/// Logs what a look brought. Gives the complaint that stands from now on.
fn tell(look: Look, looked: Result<bool, KeyError>, said: Option<&str>) -> Option<String> {
    match looked {
        Ok(true) => tracing::info!(event = "keys_taken_up"),
        Ok(false) if said.is_some() => tracing::info!(event = "keys_good_again"),
        Ok(false) => {}
        Err(error) => return tell_kept(error.log_words(), look, said),
    }
    None
}

fn tell_kept(reason: String, look: Look, said: Option<&str>) -> Option<String> {
    if look == Look::Anyway || said != Some(reason.as_str()) {
        tracing::error!(event = "keys_kept", reason = reason.as_str());
    }
    Some(reason)
}
