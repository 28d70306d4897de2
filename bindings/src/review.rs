//! What is shown before anything is typed, and what a key is asked to sign.

use msgpay_sdk_core as core;

use crate::values::signed;

/// The verified order: show payee, amount, item and expiry before anything is typed.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Review {
    /// Name of the institution that will pay.
    pub institution_name: String,
    /// The payment order.
    pub pay_order_no: String,
    /// The payee's number.
    pub payee_id: String,
    /// The payee's **registered** name: this is who is paid.
    pub payee_name: String,
    /// What the merchant calls itself, if that differs; to be shown as its own words.
    pub claimed_name: Option<String>,
    /// The amount in fen.
    pub amount_fen: i64,
    /// The amount in yuan with two decimals, without a currency sign.
    pub amount_yuan: String,
    /// ISO 4217, always `CNY` so far.
    pub currency: String,
    /// What is bought, in the merchant's words.
    pub item: String,
    /// Where the money comes from.
    pub funding: String,
    /// Unix seconds.
    pub expires_s: i64,
}

impl From<&core::Review> for Review {
    fn from(review: &core::Review) -> Self {
        Self {
            institution_name: review.institution_name.clone(),
            pay_order_no: review.pay_order_no.clone(),
            payee_id: review.payee_id.clone(),
            payee_name: review.payee_name.clone(),
            claimed_name: review.claimed_name.clone(),
            amount_fen: review.amount_fen,
            amount_yuan: review.amount_yuan.clone(),
            currency: review.currency.to_owned(),
            item: review.item.clone(),
            funding: review.funding.clone(),
            expires_s: signed(review.expires_s),
        }
    }
}

/// The verified setting of a password: show whose it is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PasswordReview {
    /// Name of the institution.
    pub institution_name: String,
    /// Number of this setting.
    pub setup_no: String,
    /// The wallet's mobile number, masked.
    pub mobile_masked: String,
    /// Unix seconds.
    pub expires_s: i64,
}

impl From<&core::PasswordReview> for PasswordReview {
    fn from(review: &core::PasswordReview) -> Self {
        Self {
            institution_name: review.institution_name.clone(),
            setup_no: review.setup_no.clone(),
            mobile_masked: review.mobile_masked.clone(),
            expires_s: signed(review.expires_s),
        }
    }
}

/// The verified enrolment of a biometric key: show whose it is, and up to which amount it will stand alone.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct BiometricReview {
    /// Name of the institution.
    pub institution_name: String,
    /// Number of this enrolment.
    pub setup_no: String,
    /// The wallet's mobile number, masked.
    pub mobile_masked: String,
    /// The largest payment in fen that will need no password; 0 for none.
    pub alone_fen_max: i64,
    /// Unix seconds.
    pub expires_s: i64,
}

impl From<&core::BiometricReview> for BiometricReview {
    fn from(review: &core::BiometricReview) -> Self {
        Self {
            institution_name: review.institution_name.clone(),
            setup_no: review.setup_no.clone(),
            mobile_masked: review.mobile_masked.clone(),
            alone_fen_max: signed(review.alone_fen_max),
            expires_s: signed(review.expires_s),
        }
    }
}

/// What the biometric key is to sign: show the phone's own prompt for that key, sign exactly `message`, and give the
/// session the 64 bytes `r ‖ s`.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Confirmation {
    /// Name of the key in the host's keystore.
    pub key_name: String,
    /// The bytes to sign.
    pub message: Vec<u8>,
    /// Whether the payer may type the password instead.
    pub or_password: bool,
}

impl From<core::Confirmation> for Confirmation {
    fn from(confirmation: core::Confirmation) -> Self {
        let core::Confirmation { key_name, message, or_password } = confirmation;
        Self { key_name, message, or_password }
    }
}
