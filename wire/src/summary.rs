//! What the user is shown, byte for byte what is signed. The order digest is the suite's hash of these bytes.

use crate::cbor::{Defect, FormatError};
use crate::fields::{Reader, Writer};
use crate::money::Fen;

const PAYMENT: &str = "msgpay summary v1";
const PASSWORD: &str = "msgpay password summary v1";
const BIOMETRIC: &str = "msgpay biometric summary v1";

/// An order as the institution states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Who is paid through.
    pub institution_id: String,
    /// Whose wallet pays.
    pub wallet_id: String,
    /// The order.
    pub pay_order_no: String,
    /// The merchant's number.
    pub payee_id: String,
    /// The merchant's **registered** name.
    pub payee_name: String,
    /// The amount, in CNY.
    pub amount: Fen,
    /// What is bought, as the merchant words it.
    pub item: String,
    /// Unix seconds.
    pub expires: u64,
    /// The name that the merchant gave in its order, when it is not the registered one.
    pub claimed_name: Option<String>,
    /// Where the money comes from.
    pub funding: String,
}

impl Summary {
    /// The bytes that are shown, hashed and signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::labelled(PAYMENT)
            .text(1, &self.institution_id)
            .text(2, &self.wallet_id)
            .text(3, &self.pay_order_no)
            .text(4, &self.payee_id)
            .text(5, &self.payee_name)
            .uint(6, self.amount.into())
            .text(7, "CNY")
            .text(8, &self.item)
            .uint(9, self.expires)
            .text_if(10, self.claimed_name.as_deref())
            .text(11, &self.funding)
            .finish()
    }

    /// Reads a summary.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("order summary", bytes)?;
        r.label(PAYMENT)?;
        let summary = Self {
            institution_id: r.text(1, 64)?,
            wallet_id: r.text(2, 64)?,
            pay_order_no: r.text(3, 64)?,
            payee_id: r.text(4, 64)?,
            payee_name: r.text(5, 256)?,
            amount: Fen::try_from(r.uint(6)?).map_err(|_| r.refuse(Defect::Value(6)))?,
            item: r.text(8, 512)?,
            expires: r.uint(9)?,
            claimed_name: r.text_optional(10, 256)?,
            funding: r.text(11, 128)?,
        };
        if r.text(7, 3)? != "CNY" {
            return Err(r.refuse(Defect::Value(7)));
        }
        r.finish()?;
        Ok(summary)
    }
}

/// A wallet password about to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordSummary {
    /// Whose password.
    pub institution_id: String,
    /// The wallet.
    pub wallet_id: String,
    /// Number of this setting, `S…`.
    pub setup_no: String,
    /// The mobile number, masked with `*`.
    pub mobile_masked: String,
    /// Unix seconds.
    pub expires: u64,
}

impl PasswordSummary {
    /// The bytes that are shown, hashed and signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::labelled(PASSWORD)
            .text(1, &self.institution_id)
            .text(2, &self.wallet_id)
            .text(3, &self.setup_no)
            .text(4, &self.mobile_masked)
            .uint(5, self.expires)
            .finish()
    }

    /// Reads a summary.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("password summary", bytes)?;
        r.label(PASSWORD)?;
        let summary = Self {
            institution_id: r.text(1, 64)?,
            wallet_id: r.text(2, 64)?,
            setup_no: r.text(3, 64)?,
            mobile_masked: r.text(4, 32)?,
            expires: r.uint(5)?,
        };
        r.finish()?;
        Ok(summary)
    }
}

/// A biometric key about to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BiometricSummary {
    /// Whose wallet it may pay from.
    pub institution_id: String,
    /// The wallet.
    pub wallet_id: String,
    /// Number of this enrolment, `S…`.
    pub setup_no: String,
    /// The mobile number, masked with `*`.
    pub mobile_masked: String,
    /// Unix seconds.
    pub expires: u64,
    /// The largest payment, in fen, that it allows without the password; 0 for none.
    pub alone_fen_max: u64,
}

impl BiometricSummary {
    /// The bytes that are shown, hashed and signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::labelled(BIOMETRIC)
            .text(1, &self.institution_id)
            .text(2, &self.wallet_id)
            .text(3, &self.setup_no)
            .text(4, &self.mobile_masked)
            .uint(5, self.expires)
            .uint(6, self.alone_fen_max)
            .finish()
    }

    /// Reads a summary.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("biometric summary", bytes)?;
        r.label(BIOMETRIC)?;
        let summary = Self {
            institution_id: r.text(1, 64)?,
            wallet_id: r.text(2, 64)?,
            setup_no: r.text(3, 64)?,
            mobile_masked: r.text(4, 32)?,
            expires: r.uint(5)?,
            alone_fen_max: r.uint(6)?,
        };
        r.finish()?;
        Ok(summary)
    }
}
