//! What the user is shown is what is signed.

use msgpay_wire::{
    Digest,
    summary::{BiometricSummary, PasswordSummary, Summary},
};

/// The verified order, in plain values: show payee, amount, item and expiry before anything is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Name of the institution that will pay, from the configuration.
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
    pub currency: &'static str,
    /// What is bought, in the merchant's words.
    pub item: String,
    /// Where the money comes from.
    pub funding: String,
    /// Unix seconds.
    pub expires_s: u64,
    pub(super) order_digest: Digest,
}

/// The verified setting of a password: show whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordReview {
    /// Name of the institution, from the configuration.
    pub institution_name: String,
    /// Number of this setting.
    pub setup_no: String,
    /// The wallet's mobile number, masked.
    pub mobile_masked: String,
    /// Unix seconds.
    pub expires_s: u64,
    pub(super) order_digest: Digest,
}

/// The verified enrolment of a biometric key: show whose it is and what it will allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BiometricReview {
    /// Name of the institution, from the configuration.
    pub institution_name: String,
    /// Number of this enrolment.
    pub setup_no: String,
    /// The wallet's mobile number, masked.
    pub mobile_masked: String,
    /// The largest payment in fen that will need no password; 0 for none.
    pub alone_fen_max: u64,
    /// Unix seconds.
    pub expires_s: u64,
    pub(super) order_digest: Digest,
}

/// The proof that exactly this summary was shown and accepted. Only [`accept`] makes it.
pub(super) struct Reviewed {
    order_digest: Digest,
}

impl Reviewed {
    /// Digest of the summary that was shown.
    pub(super) fn order_digest(&self) -> &Digest {
        &self.order_digest
    }
}

/// Takes back what was shown. `None` when it is another session's.
pub(super) fn accept(shown: &Digest, expected: &Digest) -> Option<Reviewed> {
    (shown == expected).then_some(Reviewed { order_digest: *expected })
}

impl Review {
    pub(super) fn of(summary: Summary, order_digest: Digest, institution_name: &str) -> Self {
        Self {
            institution_name: institution_name.to_owned(),
            pay_order_no: summary.pay_order_no,
            payee_id: summary.payee_id,
            payee_name: summary.payee_name,
            claimed_name: summary.claimed_name,
            amount_fen: summary.amount.get(),
            amount_yuan: summary.amount.to_string(),
            currency: "CNY",
            item: summary.item,
            funding: summary.funding,
            expires_s: summary.expires,
            order_digest,
        }
    }
}

impl PasswordReview {
    pub(super) fn of(summary: PasswordSummary, order_digest: Digest, institution_name: &str) -> Self {
        Self {
            institution_name: institution_name.to_owned(),
            setup_no: summary.setup_no,
            mobile_masked: summary.mobile_masked,
            expires_s: summary.expires,
            order_digest,
        }
    }
}

impl BiometricReview {
    pub(super) fn of(summary: BiometricSummary, order_digest: Digest, institution_name: &str) -> Self {
        Self {
            institution_name: institution_name.to_owned(),
            setup_no: summary.setup_no,
            mobile_masked: summary.mobile_masked,
            alone_fen_max: summary.alone_fen_max,
            expires_s: summary.expires,
            order_digest,
        }
    }
}
