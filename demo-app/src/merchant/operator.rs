//! The Chatbot's calls of dialect A: token and send.

use std::time::Duration;

use msgpay_messaging::{
    address::ChatbotUri,
    dialect_a::{self, Code, SendAnswer, TokenAnswer, TokenRequest},
    model::Validated,
};
use tokio::sync::Mutex;

use super::OperatorPeer;
use crate::{
    clock::SharedClock,
    net::{Call, CallFailed, Caller},
    recorder::Party,
};

/// Why a message is not on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SendFailed {
    /// The operator can't be reached or did not answer; sending the same message again is safe.
    #[error("the operator did not answer")]
    NoAnswer(#[from] CallFailed),
    /// Refused with this return code.
    #[error("the operator refused with code {0}")]
    Refused(i32),
    /// Not an answer of dialect A.
    #[error("the operator's answer is not of dialect A")]
    Answer,
}

impl SendFailed {
    /// Whether the same message may pass later.
    pub(super) fn may_pass_later(self) -> bool {
        match self {
            Self::NoAnswer(_) | Self::Answer => true,
            Self::Refused(code) => {
                [Code::Busy, Code::Internal, Code::Rate, Code::DayLimit].map(Code::number).contains(&code)
            }
        }
    }
}

/// Waits before each try of a send, milliseconds.
const WAITS_MS: [u64; 3] = [0, 200, 800];
/// A token is renewed this long before its end, seconds.
const RENEW_BEFORE_S: i64 = 60;

pub(super) struct Operator {
    caller: Caller,
    base: String,
    account: TokenRequest,
    clock: SharedClock,
    /// The token and its end, Unix seconds. Held while it is renewed: a new token ends the one before.
    token: Mutex<Option<(String, i64)>>,
}

impl Operator {
    pub(super) fn new(caller: Caller, peer: &OperatorPeer, chatbot: &ChatbotUri, clock: SharedClock) -> Self {
        Self {
            caller,
            base: format!("{}/bot/v1/{}", peer.root_url, chatbot.path_segment()),
            account: TokenRequest { app_id: peer.app_id.clone(), app_key: peer.app_key.clone() },
            clock,
            token: Mutex::new(None),
        }
    }

    /// Sends a message, trying again while that is safe: the operator knows a repeat by its `messageId`.
    pub(super) async fn send(&self, message: &Validated) -> Result<(), SendFailed> {
        let mut last = SendFailed::Answer;
        for wait in WAITS_MS {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            match self.send_once(message).await {
                Err(failed) if failed.may_pass_later() => last = failed,
                done => return done,
            }
        }
        Err(last)
    }

    async fn send_once(&self, message: &Validated) -> Result<(), SendFailed> {
        let mut renewed = false;
        loop {
            let token = self.token(None).await?;
            let call = Call::post_json(format!("{}/messages", self.base), dialect_a::encode(message))
                .header("authorization", format!("accessToken {token}"));
            let answer = self.caller.call(Party::Maap, call).await?;
            let answer: SendAnswer = serde_json::from_slice(&answer.body).map_err(|_| SendFailed::Answer)?;
            let stale = [Code::BadToken, Code::TokenExpired].map(Code::number).contains(&answer.error_code);
            match answer.error_code {
                0 => return Ok(()),
                _ if stale && !renewed => {
                    renewed = true;
                    self.token(Some(&token)).await?;
                }
                code => return Err(SendFailed::Refused(code)),
            }
        }
    }

    /// The token in force; a fresh one if there is none, it nears its end, or it is `refused`.
    async fn token(&self, refused: Option<&str>) -> Result<String, SendFailed> {
        let mut held = self.token.lock().await;
        let now = self.clock.now_s();
        if let Some((token, until)) = held.as_ref()
            && now < *until
            && refused != Some(token)
        {
            return Ok(token.clone());
        }
        let body = serde_json::to_vec(&self.account).map_err(|_| SendFailed::Answer)?;
        let call = Call::post_json(format!("{}/accessToken", self.base), body);
        let answer = self.caller.call(Party::Maap, call).await?;
        let answer: TokenAnswer = serde_json::from_slice(&answer.body).map_err(|_| SendFailed::Answer)?;
        match (answer.error_code, answer.access_token, answer.expires) {
            (0, Some(token), Some(expires)) => {
                let lives = i64::try_from(expires).unwrap_or(0).saturating_sub(RENEW_BEFORE_S);
                *held = Some((token.clone(), now.saturating_add(lives)));
                Ok(token)
            }
            (0, ..) => Err(SendFailed::Answer),
            (code, ..) => Err(SendFailed::Refused(code)),
        }
    }
}
