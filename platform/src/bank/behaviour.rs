//! What a simulated bank can be told to do.

use std::{fmt, str::FromStr};

/// A way to behave, told through the bank's own file so that another process can tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Debits when the balance allows.
    Approve,
    /// Declines.
    Decline,
    /// Does not even look at the request for so long.
    Hang {
        /// Milliseconds.
        ms: u64,
    },
    /// Debits at once, answers after so long.
    Late {
        /// Milliseconds.
        ms: u64,
    },
    /// Takes the request twice, answers, and calls back twice as well.
    Twice,
    /// Is not reachable.
    Error,
}

/// Not a behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a behaviour: write approve, decline, hang:MS, late:MS, twice, error or error-once")]
pub struct BehaviourError;

impl Behaviour {
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Decline => "decline",
            Self::Hang { .. } => "hang",
            Self::Late { .. } => "late",
            Self::Twice => "twice",
            Self::Error => "error",
        }
    }

    pub(super) const fn ms(self) -> u64 {
        match self {
            Self::Hang { ms } | Self::Late { ms } => ms,
            _ => 0,
        }
    }

    pub(super) fn stored(kind: &str, ms: u64) -> Option<Self> {
        Some(match kind {
            "approve" => Self::Approve,
            "decline" => Self::Decline,
            "hang" => Self::Hang { ms },
            "late" => Self::Late { ms },
            "twice" => Self::Twice,
            "error" => Self::Error,
            _ => return None,
        })
    }

    /// Reads a word, with how often it holds: `error-once` is `error`, one time; any word may end in `*N`.
    ///
    /// # Errors
    /// [`BehaviourError`].
    pub fn read(word: &str) -> Result<(Self, Option<u32>), BehaviourError> {
        if word == "error-once" {
            return Ok((Self::Error, Some(1)));
        }
        match word.split_once('*') {
            None => Ok((word.parse()?, None)),
            Some((what, times)) => Ok((what.parse()?, Some(times.parse().map_err(|_| BehaviourError)?))),
        }
    }
}

impl FromStr for Behaviour {
    type Err = BehaviourError;

    fn from_str(word: &str) -> Result<Self, BehaviourError> {
        let (kind, ms) = match word.split_once(':') {
            Some((kind @ ("hang" | "late"), ms)) => (kind, ms.parse().map_err(|_| BehaviourError)?),
            None if word != "hang" && word != "late" => (word, 0),
            _ => return Err(BehaviourError),
        };
        Self::stored(kind, ms).ok_or(BehaviourError)
    }
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hang { ms } | Self::Late { ms } => write!(f, "{}:{ms}", self.kind()),
            _ => f.write_str(self.kind()),
        }
    }
}
