//! Points on a payment's road where a test may kill the process. Armed in development mode only.

/// A point on the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The nonce is used up, nothing else is done.
    AfterConsume,
    /// The try is counted, not verified.
    AfterCount,
    /// The order is PAYING, the bank is not asked.
    AfterBegin,
    /// The bank has answered, the book does not know.
    AfterBankBeforeSettle,
    /// Everything is committed, the handset does not know.
    AfterSettleBeforeReply,
}

impl Fault {
    /// All points.
    pub const ALL: [Self; 5] = [
        Self::AfterConsume,
        Self::AfterCount,
        Self::AfterBegin,
        Self::AfterBankBeforeSettle,
        Self::AfterSettleBeforeReply,
    ];

    /// Its name in the environment and in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AfterConsume => "after_consume",
            Self::AfterCount => "after_count",
            Self::AfterBegin => "after_begin",
            Self::AfterBankBeforeSettle => "after_bank_before_settle",
            Self::AfterSettleBeforeReply => "after_settle_before_reply",
        }
    }

    /// The point of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

/// Which point is armed, if any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults(Option<(Fault, End)>);

#[derive(Debug, Clone, Copy)]
enum End {
    /// As kill -9: no destructor runs, no buffer is flushed.
    Abort,
    /// The work on this one request is torn down, the test goes on.
    #[cfg(test)]
    Unwind,
}

impl Faults {
    /// None: the only choice outside development mode.
    pub const fn none() -> Self {
        Self(None)
    }

    /// The process dies at that point.
    pub const fn die_at(fault: Fault) -> Self {
        Self(Some((fault, End::Abort)))
    }

    #[cfg(test)]
    pub(crate) const fn unwind_at(fault: Fault) -> Self {
        Self(Some((fault, End::Unwind)))
    }

    /// What `MSGPAY_FAULT` arms; call it in development mode only.
    pub fn from_env() -> Self {
        let armed = std::env::var("MSGPAY_FAULT").ok().and_then(|name| Fault::named(&name));
        armed.map_or(Self::none(), Self::die_at)
    }

    pub(super) fn reach(self, fault: Fault) {
        match self.0 {
            Some((armed, End::Abort)) if armed == fault => std::process::abort(),
            #[cfg(test)]
            Some((armed, End::Unwind)) if armed == fault => panic!("the test's fault: {}", fault.name()),
            _ => {}
        }
    }
}
