//! Maps with integer keys: the shape of every CBOR message here. Reading is strict: each member once, each of its
//! type, none unknown.

use crate::cbor::{self, Defect, FormatError, Value};
use crate::digest::SuiteId;

/// A message being written.
#[derive(Default)]
pub struct Writer(Vec<(Value, Value)>);

impl Writer {
    /// An empty message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// A message whose member 0 is its label.
    #[must_use]
    pub fn labelled(label: &str) -> Self {
        Self::new().text(0, label)
    }
    /// Adds any value.
    #[must_use]
    pub fn value(mut self, key: u64, value: Value) -> Self {
        self.0.push((Value::Integer(key.into()), value));
        self
    }
    /// Adds a text.
    #[must_use]
    pub fn text(self, key: u64, text: &str) -> Self {
        self.value(key, Value::Text(text.to_owned()))
    }
    /// Adds bytes.
    #[must_use]
    pub fn bytes(self, key: u64, bytes: &[u8]) -> Self {
        self.value(key, Value::Bytes(bytes.to_vec()))
    }
    /// Adds an unsigned number.
    #[must_use]
    pub fn uint(self, key: u64, number: u64) -> Self {
        self.value(key, Value::Integer(number.into()))
    }
    /// Adds a text if there is one.
    #[must_use]
    pub fn text_if(self, key: u64, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self,
        }
    }
    /// Adds a number if there is one.
    #[must_use]
    pub fn uint_if(self, key: u64, number: Option<u64>) -> Self {
        match number {
            Some(number) => self.uint(key, number),
            None => self,
        }
    }
    /// The message's bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        cbor::encode(&Value::Map(self.0))
    }
}

/// A message being read: members are taken out one by one, and [`Reader::finish`] refuses what is left.
pub struct Reader {
    what: &'static str,
    members: Vec<(u64, Value)>,
}

impl Reader {
    /// Reads the map of a message named `what` in errors.
    ///
    /// # Errors
    /// [`Defect::Encoding`] for bytes that are not a deterministic map with unsigned keys.
    pub fn open(what: &'static str, bytes: &[u8]) -> Result<Self, FormatError> {
        Self::of(what, cbor::decode(what, bytes)?)
    }

    /// The same over a value already read.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn of(what: &'static str, value: Value) -> Result<Self, FormatError> {
        let refused = FormatError { what, defect: Defect::Encoding };
        let Value::Map(map) = value else { return Err(refused) };
        let mut members = Vec::with_capacity(map.len());
        for (key, member) in map {
            let key = key.as_integer().and_then(|key| u64::try_from(key).ok()).ok_or(refused)?;
            members.push((key, member));
        }
        Ok(Self { what, members })
    }

    /// An error about this message.
    #[must_use]
    pub fn refuse(&self, defect: Defect) -> FormatError {
        FormatError { what: self.what, defect }
    }

    /// Checks the label in member 0.
    ///
    /// # Errors
    /// [`Defect::Label`] when it is another.
    pub fn label(&mut self, label: &str) -> Result<(), FormatError> {
        match self.optional(0) {
            Some(Value::Text(found)) if found == label => Ok(()),
            _ => Err(self.refuse(Defect::Label)),
        }
    }

    /// Takes a member out if it is there.
    pub fn optional(&mut self, key: u64) -> Option<Value> {
        let at = self.members.iter().position(|(found, _)| *found == key)?;
        Some(self.members.swap_remove(at).1)
    }

    /// Takes a member out.
    ///
    /// # Errors
    /// [`Defect::Missing`].
    pub fn value(&mut self, key: u64) -> Result<Value, FormatError> {
        self.optional(key).ok_or(self.refuse(Defect::Missing(key)))
    }

    /// A text of 1 to `bytes_max` bytes.
    ///
    /// # Errors
    /// [`Defect::Missing`], [`Defect::Type`].
    pub fn text(&mut self, key: u64, bytes_max: usize) -> Result<String, FormatError> {
        match self.value(key)? {
            Value::Text(text) if !text.is_empty() && text.len() <= bytes_max => Ok(text),
            _ => Err(self.refuse(Defect::Type(key))),
        }
    }

    /// As [`Reader::text`], absent allowed.
    ///
    /// # Errors
    /// [`Defect::Type`].
    pub fn text_optional(&mut self, key: u64, bytes_max: usize) -> Result<Option<String>, FormatError> {
        if self.has(key) { self.text(key, bytes_max).map(Some) } else { Ok(None) }
    }

    /// As [`Reader::text`], empty allowed.
    ///
    /// # Errors
    /// [`Defect::Missing`], [`Defect::Type`].
    pub fn text_or_empty(&mut self, key: u64, bytes_max: usize) -> Result<String, FormatError> {
        match self.value(key)? {
            Value::Text(text) if text.len() <= bytes_max => Ok(text),
            _ => Err(self.refuse(Defect::Type(key))),
        }
    }

    /// Bytes, at most `bytes_max`.
    ///
    /// # Errors
    /// [`Defect::Missing`], [`Defect::Type`].
    pub fn bytes(&mut self, key: u64, bytes_max: usize) -> Result<Vec<u8>, FormatError> {
        match self.value(key)? {
            Value::Bytes(bytes) if bytes.len() <= bytes_max => Ok(bytes),
            _ => Err(self.refuse(Defect::Type(key))),
        }
    }

    /// Exactly `N` bytes.
    ///
    /// # Errors
    /// [`Defect::Missing`], [`Defect::Type`].
    pub fn fixed<const N: usize>(&mut self, key: u64) -> Result<[u8; N], FormatError> {
        self.bytes(key, N)?.try_into().map_err(|_| self.refuse(Defect::Type(key)))
    }

    /// An unsigned number.
    ///
    /// # Errors
    /// [`Defect::Missing`], [`Defect::Type`].
    pub fn uint(&mut self, key: u64) -> Result<u64, FormatError> {
        self.value(key)?
            .as_integer()
            .and_then(|number| u64::try_from(number).ok())
            .ok_or(self.refuse(Defect::Type(key)))
    }

    /// As [`Reader::uint`], absent allowed.
    ///
    /// # Errors
    /// [`Defect::Type`].
    pub fn uint_optional(&mut self, key: u64) -> Result<Option<u64>, FormatError> {
        if self.has(key) { self.uint(key).map(Some) } else { Ok(None) }
    }

    /// The number of a suite that is known here.
    ///
    /// # Errors
    /// [`Defect::Missing`], [`Defect::Type`], [`Defect::Suite`].
    pub fn suite(&mut self, key: u64) -> Result<SuiteId, FormatError> {
        SuiteId::from_number(self.uint(key)?).ok_or(self.refuse(Defect::Suite(key)))
    }

    /// An array of at most `items_max` items.
    ///
    /// # Errors
    /// [`Defect::Missing`], [`Defect::Type`].
    pub fn array(&mut self, key: u64, items_max: usize) -> Result<Vec<Value>, FormatError> {
        match self.value(key)? {
            Value::Array(items) if items.len() <= items_max => Ok(items),
            _ => Err(self.refuse(Defect::Type(key))),
        }
    }

    /// Whether a member is still there.
    #[must_use]
    pub fn has(&self, key: u64) -> bool {
        self.members.iter().any(|(found, _)| *found == key)
    }

    /// Ends reading.
    ///
    /// # Errors
    /// [`Defect::Unknown`] when a member was not taken.
    pub fn finish(self) -> Result<(), FormatError> {
        match self.members.first() {
            None => Ok(()),
            Some((key, _)) => Err(self.refuse(Defect::Unknown(*key))),
        }
    }
}
