//! Opening one sealed entry (docs/protocol.md): every step's position and context is ours.

use msgpay_crypto::{Error, OpenChain, OpeningKey, SecretPage, classify, entry};
use msgpay_wire::{
    Defect, SuiteId,
    entry::{Context, EntryPurpose, Envelope, Kind, PRESSES, label},
};

use crate::store::LaunchRecord;

/// An envelope, and what our own record says it must be bound to.
pub struct Opening {
    suite: u64,
    purpose: EntryPurpose,
    kind: Kind,
    kid: u64,
    server_nonce: [u8; 16],
    order_digest: [u8; 32],
    modes: Vec<u64>,
    account: Vec<u8>,
    envelope: Vec<u8>,
}

/// Why an entry did not open: for our own figures, log and audit, never for an answer, which is one for all (no
/// oracle).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// Not the bytes of an envelope.
    Form,
    /// Of another suite than the launch, than the key, or than any that is known here.
    WrongSuite,
    /// To another key number than the launch's, or to one that may no longer open.
    WrongKey,
    /// For another purpose, or typed in a mode that is not allowed.
    WrongContext,
    /// The encapsulated key is none: no point of the curve, or not encrypted to this key.
    Encapsulation,
    /// The layout's seal does not fit: another key, order, nonce or surface, or altered. Which of them, nobody can tell.
    Layout,
    /// The layout opened, and a press does not: altered, moved, or of another entry.
    Press,
    /// All presses opened, and the tag over everything does not fit.
    ClosingTag,
    /// It opened, and the layout is of another kind of keypad.
    Kind,
    /// It opened, and is no entry: no permutation of the alphabet, a press beside the keys, a length or a form that
    /// the kind does not have.
    Entry,
}

impl Unopened {
    /// All of them, in the order of their figures.
    pub const ALL: [Self; 10] = [
        Self::Form,
        Self::WrongSuite,
        Self::WrongKey,
        Self::WrongContext,
        Self::Encapsulation,
        Self::Layout,
        Self::Press,
        Self::ClosingTag,
        Self::Kind,
        Self::Entry,
    ];

    /// Its word in log and audit.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::WrongSuite => "wrong-suite",
            Self::WrongKey => "wrong-key",
            Self::WrongContext => "wrong-context",
            Self::Encapsulation => "encapsulation",
            Self::Layout => "layout",
            Self::Press => "press",
            Self::ClosingTag => "closing-tag",
            Self::Kind => "kind",
            Self::Entry => "entry",
        }
    }
}

/// An entry that stayed sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillSealed {
    /// What it was to be.
    pub purpose: EntryPurpose,
    /// Why it did not open.
    pub why: Unopened,
}

/// What ends an opening.
pub(super) enum End {
    /// What was sent.
    Sent(Unopened),
    /// What this machine cannot do.
    Own(Error),
}

impl From<Unopened> for End {
    fn from(unopened: Unopened) -> Self {
        Self::Sent(unopened)
    }
}

impl From<Error> for End {
    /// What has been opened is no entry, or this machine is at fault.
    fn from(error: Error) -> Self {
        match error {
            Error::NotOpened | Error::BadEntry => Self::Sent(Unopened::Entry),
            own => Self::Own(own),
        }
    }
}

impl End {
    /// A seal that does not fit at this place.
    fn at(place: Unopened) -> impl Fn(Error) -> Self {
        move |error| match error {
            Error::NotOpened | Error::BadKey => Self::Sent(place),
            own => Self::from(own),
        }
    }
}

impl Opening {
    /// The entry of that purpose under that record, typed in one of these modes.
    pub fn of(record: &LaunchRecord, purpose: EntryPurpose, modes: &[u64], envelope: Vec<u8>) -> Self {
        Self {
            suite: record.suite,
            purpose,
            kind: kind_of(purpose),
            kid: record.kid,
            server_nonce: record.nonce,
            order_digest: record.order_digest,
            modes: modes.to_vec(),
            account: Vec::new(),
            envelope,
        }
    }

    /// Expects another kind of keypad than the purpose's own: a password of letters.
    #[must_use]
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// The account token that was given out for a PIN: 12 to 19 digits. Without it no PIN opens.
    #[must_use]
    pub fn for_account(mut self, digits: &str) -> Self {
        self.account = digits.as_bytes().to_vec();
        self
    }

    /// The key it must be sealed to.
    pub(super) fn kid(&self) -> u64 {
        self.kid
    }

    /// The characters that were typed, in a page.
    pub(super) fn open(self, key: &OpeningKey) -> Result<SecretPage, End> {
        let sent = Envelope::read(&self.envelope).map_err(|refused| match refused.defect {
            Defect::Suite(_) => Unopened::WrongSuite,
            _ => Unopened::Form,
        })?;
        let suite = SuiteId::from_number(self.suite).ok_or(Unopened::WrongSuite)?;
        if sent.suite != suite || key.suite().number() != self.suite {
            return Err(Unopened::WrongSuite.into());
        }
        if sent.kid != self.kid {
            return Err(Unopened::WrongKey.into());
        }
        if sent.purpose != self.purpose || !self.modes.contains(&sent.mode) {
            return Err(Unopened::WrongContext.into());
        }
        let context = Context {
            suite,
            purpose: self.purpose,
            kid: self.kid,
            server_nonce: self.server_nonce,
            client_nonce: sent.client_nonce,
            order_digest: self.order_digest,
            mode: sent.mode,
            surface: sent.surface,
        }
        .encode();
        let mut chain = OpenChain::setup(key, &sent.encapsulated, &context, label::CHAIN)
            .map_err(End::at(Unopened::Encapsulation))?;
        let block_key = (self.kind == Kind::Pin).then(|| chain.key_for(label::PIN_BLOCK)).transpose()?;
        let layout =
            chain.open_with(label::LAYOUT, label::LAYOUT, &sent.layout).map_err(End::at(Unopened::Layout))?;
        let mut slots = SecretPage::with_capacity(PRESSES)?;
        for (press, sealed) in (1..=u8::MAX).zip(sent.presses()) {
            let sealed = sealed.try_into().map_err(|_| Unopened::Form)?;
            chain.step_open(&[press], sealed, &mut slots).map_err(End::at(Unopened::Press))?;
        }
        let transcript = Envelope::transcript(&context, &sent.encapsulated, &sent.layout, &sent.boxes);
        chain.close_with(label::CLOSE, &transcript, &sent.close).map_err(End::at(Unopened::ClosingTag))?;
        if entry::kind_of(&layout)? != Some(self.kind.number()) {
            return Err(Unopened::Kind.into());
        }
        match block_key {
            Some(key) => self.digits(&layout, &slots, &key),
            None => self.characters(&layout, &slots),
        }
    }

    fn characters(&self, layout: &SecretPage, slots: &SecretPage) -> Result<SecretPage, End> {
        let typed = entry::resolve(layout, slots, self.kind.number(), self.kind.alphabet())?;
        let has_form = |characters: &[u8]| {
            classify::public_bit(self.kind.has_form(characters), classify::Reason::Refused)
        };
        if typed.expose(has_form)? { Ok(typed) } else { Err(Unopened::Entry.into()) }
    }

    /// A PIN lies in its block; no key was pressed beside it.
    fn digits(&self, block: &SecretPage, slots: &SecretPage, key: &SecretPage) -> Result<SecretPage, End> {
        if !entry::untouched(slots)? || self.account.is_empty() {
            return Err(Unopened::Entry.into());
        }
        Ok(entry::pin::open_block(block, key, self.kind.number(), &self.account)?)
    }
}

fn kind_of(purpose: EntryPurpose) -> Kind {
    match purpose {
        EntryPurpose::Password | EntryPurpose::PasswordNew | EntryPurpose::PasswordRepeat => Kind::Numeric,
        EntryPurpose::CardNumber => Kind::CardNumber,
        EntryPurpose::IdNumber => Kind::IdNumber,
        EntryPurpose::Pin => Kind::Pin,
    }
}
