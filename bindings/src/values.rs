//! Plain values. Each is the core's of the same name, with named fields.

use msgpay_sdk_core as core;

/// Java cannot call what Kotlin names by an unsigned type: values that an application reads are signed.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A family of algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Suite {
    /// P-256, SHA-256, AES-256-GCM.
    International,
    /// SM2, SM3, SM4-GCM (国密).
    Guomi,
    /// Ed25519, X25519: an option of the build.
    Curve25519,
}

impl From<core::SuiteId> for Suite {
    fn from(suite: core::SuiteId) -> Self {
        match suite {
            core::SuiteId::International => Self::International,
            core::SuiteId::Guomi => Self::Guomi,
            core::SuiteId::Curve25519 => Self::Curve25519,
        }
    }
}

/// When a key may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum KeyGuard {
    /// Whenever the application asks.
    Device,
    /// Only with a live biometric, for each single use, and no more once another finger or face is enrolled.
    Biometric,
}

impl From<core::Guard> for KeyGuard {
    fn from(guard: core::Guard) -> Self {
        match guard {
            core::Guard::Device => Self::Device,
            core::Guard::Biometric => Self::Biometric,
        }
    }
}

/// Who this handset is at an institution.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Membership {
    /// The institution.
    pub institution: String,
    /// The wallet, an opaque id.
    pub wallet_id: String,
    /// The device, an opaque id.
    pub device_id: String,
    /// Name of its biometric key in the host's keystore, once one is enrolled.
    pub biometric_key_name: Option<String>,
}

impl From<core::Membership> for Membership {
    fn from(membership: core::Membership) -> Self {
        Self {
            institution: membership.institution,
            wallet_id: membership.wallet_id,
            device_id: membership.device_id,
            biometric_key_name: membership.biometric.map(|key| key.name),
        }
    }
}

/// An order whose last request has no verified receipt yet.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct OpenPayment {
    /// The institution.
    pub institution: String,
    /// The order.
    pub pay_order_no: String,
}

impl From<core::OpenPayment> for OpenPayment {
    fn from(open: core::OpenPayment) -> Self {
        Self { institution: open.institution, pay_order_no: open.pay_order_no }
    }
}
