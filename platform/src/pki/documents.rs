//! The configuration documents that `dev-pki` writes.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use msgpay_wire::{Primitives as _, SuiteId};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{PkiError, Plan};
use crate::{
    config::{
        Bank, Biometric, Config, Institution, Keys, Limits, MerchantListener, Mode, Notify, Policy,
        SdkListener, Store,
    },
    keys::{BuiltIn, make::Made},
};

/// `msgpay.json`: what a handset needs to know of its institutions; here, of one.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SdkDocument {
    /// The institutions.
    pub institutions: Vec<SdkInstitution>,
}

/// What a handset needs to know of one institution.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SdkInstitution {
    /// Institution identifier.
    pub institution_id: String,
    /// Institution name as payers see it.
    pub institution_name: String,
    /// Where the platform's SDK listener is, `https://host:port`.
    pub base_url: String,
    /// Suites that the handset uses, the preferred one first.
    pub suites: Vec<String>,
    /// Suite of the device key, where it is not that of the first suite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_key: Option<String>,
    /// Base64 of SHA-256 of the server's SubjectPublicKeyInfo.
    pub spki_pins: Vec<String>,
    /// TLS authority, PEM, relative to this file.
    pub ca_cert: String,
    /// The pinned roots.
    pub roots: Vec<SdkRoot>,
}

/// A pinned root.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SdkRoot {
    /// Its number.
    pub kid: u64,
    /// A suite's word.
    pub suite: String,
    /// SEC1 uncompressed, hex.
    pub public_key: String,
}

/// The day in China (UTC+8) as the number `yyyyMMdd`.
pub(super) fn china_day(now_s: i64) -> Result<u64, PkiError> {
    let at = OffsetDateTime::from_unix_timestamp(now_s).map_err(|_| PkiError::Validity)? + Duration::hours(8);
    let year = u64::try_from(at.year()).map_err(|_| PkiError::Validity)?;
    Ok(year * 10_000 + u64::from(u8::from(at.month())) * 100 + u64::from(at.day()))
}

pub(super) fn platform(plan: &Plan) -> Result<String, PkiError> {
    let authorities = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let config = Config {
        mode: Mode::Dev,
        institution: Institution { id: plan.institution_id.clone(), name: plan.institution_name.clone() },
        store: Store { path: "platform.sqlite".into() },
        merchant: MerchantListener {
            listen: plan.merchant_listen,
            authorities: authorities.clone(),
            certificate: "server.pem".into(),
            key: "server.key".into(),
            client_ca: "ca.pem".into(),
            client_crl: None,
        },
        sdk: SdkListener {
            listen: plan.sdk_listen,
            authorities,
            certificate: "server.pem".into(),
            key: "server.key".into(),
        },
        keys: Keys { dir: "keys".into() },
        notify: Notify {
            ca: "ca.pem".into(),
            certificate: "notify.pem".into(),
            key: "notify.key".into(),
            allow_private: plan.allow_notify.clone(),
        },
        bank: Bank { simulated: "bank.sqlite".into() },
        limits: Limits::default(),
        policy: Policy {
            suites: plan.suites.clone(),
            device_p256: plan.device_p256,
            biometric: Some(Biometric {
                alone_fen_max: 20_000,
                both_fen_min: 1_000_000,
                without_fen_max: 5_000_000,
            }),
            ..Policy::default()
        },
        path: Default::default(),
    };
    let head = "# A development world. Its keys prove nothing: the root lies beside them.\n\
                # Paths are relative to this file.\n\n";
    toml::to_string(&config).map(|text| format!("{head}{text}")).map_err(|_| PkiError::Document)
}

pub(super) fn sdk(plan: &Plan, made: &[Made], server_spki: &[u8]) -> Result<String, PkiError> {
    let institution = SdkInstitution {
        institution_id: plan.institution_id.clone(),
        institution_name: plan.institution_name.clone(),
        base_url: format!("https://localhost:{}", plan.sdk_listen.port()),
        suites: plan.suites.iter().map(|suite| suite.word().to_owned()).collect(),
        device_key: None,
        spki_pins: vec![STANDARD.encode(BuiltIn.hash(SuiteId::International, server_spki))],
        ca_cert: "ca.pem".to_owned(),
        roots: made
            .iter()
            // A handset without suite 3 does not know its word.
            .filter(|made| made.suite != SuiteId::Curve25519 || plan.suites.contains(&made.suite))
            .map(|made| SdkRoot {
                kid: made.root_kid,
                suite: made.suite.word().to_owned(),
                public_key: hex::encode(made.root_public_key),
            })
            .collect(),
    };
    let document = SdkDocument { institutions: vec![institution] };
    serde_json::to_string_pretty(&document).map(|text| text + "\n").map_err(|_| PkiError::Document)
}
