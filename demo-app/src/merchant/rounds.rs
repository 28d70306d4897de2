//! Work that nobody asks for: sending result cards that are due, asking about open orders and for the platform's keys.

use std::{sync::Arc, time::Duration};

use super::{Shop, desk::DeskError};

/// How often the tables are looked at when nothing wakes us.
const ROUND: Duration = Duration::from_millis(250);
/// How often the platform is asked for its keys: far more often than a new one is announced ahead.
const KEYS: Duration = Duration::from_secs(600);
/// How soon again when it did not say.
const KEYS_AGAIN: Duration = Duration::from_secs(30);

/// Sends result cards as they become due; after a start first those that were missed.
pub(super) async fn send_cards(shop: Arc<Shop>) {
    loop {
        let due = shop.store.due_cards().await.unwrap_or_default();
        for card in due {
            let message_id = card.message_id.clone();
            let sent = match shop.send_result(card).await {
                Ok(()) => true,
                // The operator will take it later: it stays due, and this costs it no try.
                Err(DeskError::Send(failed)) if failed.may_pass_later() => continue,
                Err(_) => false,
            };
            // Not noted: it is sent again under the same name, which the operator knows.
            let _ = shop.store.card_tried(&message_id, sent).await;
        }
        tokio::select! {
            () = shop.wake.notified() => {}
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}

/// Asks about open orders by the ladder (C.2); a result that was never notified is found this way.
pub(super) async fn ask(shop: Arc<Shop>) {
    loop {
        let due = shop.store.due_polls().await.unwrap_or_default();
        for order in due {
            let answered = shop.ask_about(&order).await.is_ok();
            let _ = shop.store.polled(&order, answered).await;
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Learns the platform's next key before it signs; from a start on, as the last announcement may have been missed.
pub(super) async fn learn_keys(shop: Arc<Shop>) {
    loop {
        let learnt = shop.platform.learn_keys(&shop.config.id).await.is_ok();
        tokio::time::sleep(if learnt { KEYS } else { KEYS_AGAIN }).await;
    }
}
