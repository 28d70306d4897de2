//! An order that was accepted, on a way that its policy lists: the password, the biometric, or both.

use msgpay_wire::{
    entry::EntryPurpose,
    factors::{Factor, Way},
};

use super::{
    confirmation::Unconfirmed,
    launched::Launched,
    review::Reviewed,
    submission::{Call, Packaged, Submission},
};
use crate::{environment::Cleared, keypad::SealedEntry, records::BiometricKey};

/// An order that was accepted, its password still to be typed.
pub(super) struct Entering {
    pub(super) launched: Launched,
    cleared: Cleared,
    reviewed: Reviewed,
    subject_no: String,
    /// The key that signs after the password, where the way needs both.
    biometric: Option<BiometricKey>,
}

/// What the way wants next.
pub(super) enum Next {
    /// The password.
    Enter(Box<Entering>),
    /// The biometric.
    Confirm(Box<Unconfirmed>),
    /// Nothing more.
    Submit(Box<Submission>),
}

impl Next {
    /// Sets out on the way that the institution prefers; `None` when none is cleared.
    pub(super) fn of(
        launched: Launched,
        cleared: Cleared,
        reviewed: Reviewed,
        subject_no: String,
    ) -> Option<Self> {
        let way = cleared.first_way()?;
        let (call, packaged, confirmed) = (Call::Payment, Packaged::default(), None);
        let submission = Submission { call, subject_no, launched, reviewed, cleared, packaged, confirmed };
        Self::on(&way, submission)
    }

    /// Goes on without the biometric; gives everything back when the policy lists no such way.
    pub(super) fn by_password(unconfirmed: Box<Unconfirmed>) -> Result<Self, Box<Unconfirmed>> {
        match unconfirmed.submission().cleared.way_without_biometric() {
            Some(way) => Ok(Self::to(&way, None, unconfirmed.into_submission())),
            None => Err(unconfirmed),
        }
    }

    fn on(way: &Way, submission: Submission) -> Option<Self> {
        let needed = way.needs(Factor::Biometric);
        let key = submission.launched.membership.biometric.clone().filter(|_| needed);
        // A way that needs a key which is not here is not cleared.
        (key.is_some() == needed).then(|| Self::to(way, key, submission))
    }

    fn to(way: &Way, biometric: Option<BiometricKey>, submission: Submission) -> Self {
        if way.needs(Factor::Password) && submission.packaged.is_empty() {
            let Submission { launched, cleared, reviewed, subject_no, .. } = submission;
            return Self::Enter(Box::new(Entering { launched, cleared, reviewed, subject_no, biometric }));
        }
        Self::typed(submission, biometric)
    }

    fn typed(submission: Submission, biometric: Option<BiometricKey>) -> Self {
        match biometric {
            Some(key) => Self::Confirm(Box::new(Unconfirmed::new(submission, key))),
            None => Self::Submit(Box::new(submission)),
        }
    }
}

impl Entering {
    /// The password was typed and sealed. Gives everything back when the entry is another session's.
    pub(super) fn entered(self, sealed: SealedEntry) -> Result<Next, Box<Self>> {
        let mut packaged = Packaged::default();
        if !packaged.add(sealed, EntryPurpose::Password, &self.launched) {
            return Err(Box::new(self));
        }
        let Self { launched, cleared, reviewed, subject_no, biometric } = self;
        let (call, confirmed) = (Call::Payment, None);
        let submission = Submission { call, subject_no, launched, reviewed, cleared, packaged, confirmed };
        Ok(Next::typed(submission, biometric))
    }
}
