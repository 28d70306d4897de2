//! The sealed-entry envelope: what the keypad makes and the institution opens.
//!
//! Its size does not depend on what was typed, how long it is or how often it was corrected.

use core::ops::RangeInclusive;

use crate::cbor::{self, Defect, FormatError, Value};
use crate::digest::{Digest, SuiteId};
use crate::fields::{Reader, Writer};

const LABEL: &str = "msgpay entry v1";
const WHAT: &str = "entry envelope";

/// Version of the format.
pub const VERSION: u64 = 1;
/// Sealed presses in every envelope, no-operations included.
pub const PRESSES: usize = 64;
/// Bytes of one sealed press: the byte and its tag.
pub const BOX_BYTES: usize = 17;
/// Bytes of an envelope at the most.
pub const ENVELOPE_BYTES_MAX: usize = 2048;
/// A press that takes the last character back.
pub const DELETE: u8 = 0xFD;
/// A press that takes all characters back.
pub const CLEAR: u8 = 0xFE;
/// A press that does nothing: fills the envelope.
pub const NO_OPERATION: u8 = 0xFF;
/// Bytes of an encapsulated key at the most: SM2's in DER, two INTEGERs of 33 bytes with hash and text. The
/// international suite's are always 65.
pub const ENCAPSULATED_BYTES_MAX: usize = 144;

/// Which characters a keypad offers. Its number is the first byte of the layout, so it is authenticated by the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The ten digits: a wallet password.
    Numeric = 1,
    /// The ten digits and X: a Chinese identity number.
    IdNumber = 2,
    /// The ten digits: a bank card number.
    CardNumber = 3,
    /// Letters, digits and signs: the printable ASCII characters without the space.
    FullText = 4,
    /// The ten digits, packed by the handset into an ISO 9564-1 format 4 block: a bank card's PIN.
    Pin = 5,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Numeric, Self::IdNumber, Self::CardNumber, Self::FullText, Self::Pin];

    /// First byte of the layout.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind of a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The word in a policy.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::IdNumber => "id-number",
            Self::CardNumber => "card-number",
            Self::FullText => "full-text",
            Self::Pin => "pin",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// How many characters an entry of this kind has: GB 11643 for an identity number, ISO/IEC 7812 for a card's,
    /// ISO 9564-1 for a PIN.
    #[must_use]
    pub const fn lengths(self) -> RangeInclusive<usize> {
        match self {
            Self::Numeric => 6..=6,
            Self::IdNumber => 18..=18,
            Self::CardNumber => 12..=19,
            Self::FullText => 8..=32,
            Self::Pin => 4..=12,
        }
    }

    /// Whether `characters`, which are of the alphabet, have the form of this kind: their number, and that an X stands
    /// last. Looks at all of them whatever they are. What a wallet password has to be, its own rules say.
    #[must_use]
    pub fn has_form(self, characters: &[u8]) -> bool {
        match self {
            Self::Numeric => true,
            Self::IdNumber => {
                let before = characters.iter().rev().skip(1);
                self.lengths().contains(&characters.len())
                    & (before.fold(0, |seen, character| seen | (character & 0x40)) == 0)
            }
            Self::CardNumber | Self::FullText | Self::Pin => self.lengths().contains(&characters.len()),
        }
    }

    /// What can be typed, in order, each character once.
    #[must_use]
    pub const fn alphabet(self) -> &'static [u8] {
        match self {
            Self::Numeric | Self::CardNumber | Self::Pin => b"0123456789",
            Self::IdNumber => b"0123456789X",
            Self::FullText => {
                b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
            }
        }
    }
}

/// Labels under which the chain's keys are expanded, and under which the exporter is asked.
pub mod label {
    /// HPKE exporter context of the first chain key.
    pub const CHAIN: &[u8] = b"msgpay keystroke chain";
    /// Key of the sealed layout.
    pub const LAYOUT: &[u8] = b"layout";
    /// Key of one press.
    pub const KEY: &[u8] = b"key";
    /// The next chain key.
    pub const NEXT: &[u8] = b"next";
    /// Key of a PIN's block, beside the boxes: expanded before the layout is sealed.
    pub const PIN_BLOCK: &[u8] = b"pin block";
    /// Key of the closing tag.
    pub const CLOSE: &[u8] = b"close";
}

/// What an entry is for. An envelope of one purpose does not open for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryPurpose {
    /// The wallet password, to pay.
    Password,
    /// A new wallet password.
    PasswordNew,
    /// The new wallet password again.
    PasswordRepeat,
    /// A bank card number.
    CardNumber,
    /// An identity number.
    IdNumber,
    /// A bank card's PIN.
    Pin,
}

impl EntryPurpose {
    /// All purposes.
    pub const ALL: [Self; 6] = [
        Self::Password,
        Self::PasswordNew,
        Self::PasswordRepeat,
        Self::CardNumber,
        Self::IdNumber,
        Self::Pin,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordNew => "password-new",
            Self::PasswordRepeat => "password-repeat",
            Self::CardNumber => "card-number",
            Self::IdNumber => "id-number",
            Self::Pin => "pin",
        }
    }
    /// The purpose of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.word() == word)
    }
}

/// What the entry is sealed to and bound to; HPKE's `info`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Suite of the seal.
    pub suite: SuiteId,
    /// What it is for.
    pub purpose: EntryPurpose,
    /// Number of the institution's seal key.
    pub kid: u64,
    /// The single-use nonce of the launch.
    pub server_nonce: [u8; 16],
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
    /// Digest of the summary that the user saw.
    pub order_digest: Digest,
    /// 0 visual, 1 spoken.
    pub mode: u64,
    /// Bits of what the host could not do for the keypad's surface.
    pub surface: u64,
}

impl Context {
    /// Deterministic CBOR `[version, suite, purpose, kid, server nonce, client nonce, order digest, mode, surface]`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            VERSION.into(),
            self.suite.number().into(),
            Value::Text(self.purpose.word().to_owned()),
            self.kid.into(),
            Value::Bytes(self.server_nonce.to_vec()),
            Value::Bytes(self.client_nonce.to_vec()),
            Value::Bytes(self.order_digest.to_vec()),
            self.mode.into(),
            self.surface.into(),
        ]))
    }
}

/// The envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Suite of the seal.
    pub suite: SuiteId,
    /// What it is for.
    pub purpose: EntryPurpose,
    /// Number of the institution's seal key.
    pub kid: u64,
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
    /// 0 visual, 1 spoken.
    pub mode: u64,
    /// Bits of what the host could not do for the keypad's surface.
    pub surface: u64,
    /// The encapsulated key: 65 bytes (32 in suite 3), or SM2 in DER, at most [`ENCAPSULATED_BYTES_MAX`].
    pub encapsulated: Vec<u8>,
    /// Layout, sealed, with its tag.
    pub layout: Vec<u8>,
    /// [`PRESSES`] boxes of [`BOX_BYTES`] each.
    pub boxes: Vec<u8>,
    /// Tag over everything.
    pub close: [u8; 16],
}

impl Envelope {
    /// The envelope's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::labelled(LABEL)
            .uint(1, VERSION)
            .uint(2, self.suite.number())
            .text(3, self.purpose.word())
            .uint(4, self.kid)
            .bytes(5, &self.client_nonce)
            .uint(6, self.mode)
            .uint(7, self.surface)
            .bytes(8, &self.encapsulated)
            .bytes(9, &self.layout)
            .bytes(10, &self.boxes)
            .bytes(11, &self.close)
            .finish()
    }

    /// Reads an envelope's form; nothing of it is believed before it has been opened.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open(WHAT, bytes)?;
        r.label(LABEL)?;
        if r.uint(1)? != VERSION {
            return Err(r.refuse(Defect::Value(1)));
        }
        let envelope = Self {
            suite: r.suite(2)?,
            purpose: EntryPurpose::from_word(&r.text(3, 32)?).ok_or(r.refuse(Defect::Value(3)))?,
            kid: r.uint(4)?,
            client_nonce: r.fixed(5)?,
            mode: r.uint(6)?,
            surface: r.uint(7)?,
            encapsulated: r.bytes(8, ENCAPSULATED_BYTES_MAX)?,
            layout: r.bytes(9, 512)?,
            boxes: r.fixed::<{ PRESSES * BOX_BYTES }>(10)?.to_vec(),
            close: r.fixed(11)?,
        };
        let fits = match envelope.suite {
            SuiteId::International => envelope.encapsulated.len() == 65,
            SuiteId::Guomi => true,
            SuiteId::Curve25519 => envelope.encapsulated.len() == 32,
        };
        if !fits {
            return Err(r.refuse(Defect::Value(8)));
        }
        r.finish()?;
        Ok(envelope)
    }

    /// What the closing tag covers: `[context, encapsulated key, layout, boxes]`.
    #[must_use]
    pub fn transcript(context: &[u8], encapsulated: &[u8], layout: &[u8], boxes: &[u8]) -> Vec<u8> {
        cbor::encode(&Value::Array(
            [context, encapsulated, layout, boxes]
                .into_iter()
                .map(|part| Value::Bytes(part.to_vec()))
                .collect(),
        ))
    }

    /// The context of this envelope, its nonce and order taken from the **opener's own record**.
    #[must_use]
    pub fn context(&self, server_nonce: [u8; 16], order_digest: Digest) -> Context {
        Context {
            suite: self.suite,
            purpose: self.purpose,
            kid: self.kid,
            server_nonce,
            client_nonce: self.client_nonce,
            order_digest,
            mode: self.mode,
            surface: self.surface,
        }
    }

    /// The boxes one by one.
    pub fn presses(&self) -> impl Iterator<Item = &[u8]> {
        self.boxes.chunks_exact(BOX_BYTES)
    }
}
