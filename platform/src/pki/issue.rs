//! Certificates of the development world: one small authority, leaf certificates for loopback.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use time::{Duration, OffsetDateTime};

use super::PkiError;

/// Under this name clients are named. `invalid` never resolves (RFC 2606 §2).
const CLIENT_DOMAIN: &str = "msgpay.invalid";

/// From when to when a certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Unix seconds.
    pub not_before: i64,
    /// Unix seconds.
    pub not_after: i64,
}

impl Validity {
    /// `days` from `now_s`, with five minutes before it for clocks that are behind.
    pub fn days(now_s: i64, days: u16) -> Self {
        Self { not_before: now_s - 300, not_after: now_s + i64::from(days) * 86_400 }
    }
}

/// What a leaf is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf<'a> {
    /// A TLS server on loopback: `localhost`, `127.0.0.1`, `::1`.
    LoopbackServer,
    /// A TLS client with this name.
    Client(&'a str),
}

/// A key with its certificate, both PEM.
pub struct Identity {
    /// The certificate.
    pub certificate_pem: String,
    /// PKCS#8.
    pub key_pem: String,
    /// SubjectPublicKeyInfo, DER: what a handset pins.
    pub spki: Vec<u8>,
}

/// The development authority. It is constrained to loopback and `msgpay.invalid`: a machine that trusts it
/// by mistake does not trust it for the Internet.
pub struct Authority {
    params: CertificateParams,
    key: KeyPair,
}

impl Authority {
    /// Make a new one; returns it with its self-signed certificate and key as PEM.
    pub fn make(validity: Validity) -> Result<(Self, String, String), PkiError> {
        let key = KeyPair::generate()?;
        let mut params = authority_params()?;
        set_validity(&mut params, validity)?;
        let certificate = params.self_signed(&key)?.pem();
        let key_pem = key.serialize_pem();
        Ok((Self { params, key }, certificate, key_pem))
    }

    /// Take up an existing one from its key; its name and constraints are always the same.
    pub fn open(key_pem: &str) -> Result<Self, PkiError> {
        Ok(Self { params: authority_params()?, key: KeyPair::from_pem(key_pem)? })
    }

    /// Issue a leaf with a fresh key.
    pub fn issue(&self, leaf: Leaf<'_>, validity: Validity) -> Result<Identity, PkiError> {
        use rcgen::PublicKeyData as _;
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        let mut name = DistinguishedName::new();
        match leaf {
            Leaf::LoopbackServer => {
                name.push(DnType::CommonName, "localhost");
                params.subject_alt_names = vec![
                    SanType::DnsName("localhost".try_into()?),
                    SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
                    SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
                ];
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            }
            Leaf::Client(who) => {
                name.push(DnType::CommonName, who);
                params.subject_alt_names =
                    vec![SanType::DnsName(format!("{who}.{CLIENT_DOMAIN}").try_into()?)];
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }
        }
        params.distinguished_name = name;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        set_validity(&mut params, validity)?;
        let certificate = params.signed_by(&key, &Issuer::from_params(&self.params, &self.key))?;
        Ok(Identity {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            spki: key.subject_public_key_info(),
        })
    }
}

fn authority_params() -> Result<CertificateParams, PkiError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "MsgPay development authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::DnsName(CLIENT_DOMAIN.to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V4(Ipv4Addr::LOCALHOST), 8)),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::V6(Ipv6Addr::LOCALHOST), 128)),
        ],
        excluded_subtrees: Vec::new(),
    });
    Ok(params)
}

fn set_validity(params: &mut CertificateParams, validity: Validity) -> Result<(), PkiError> {
    let day = |s: i64| OffsetDateTime::from_unix_timestamp(s).map_err(|_| PkiError::Validity);
    params.not_before = day(validity.not_before)?;
    params.not_after = day(validity.not_after)?;
    if params.not_after - params.not_before < Duration::seconds(1) {
        return Err(PkiError::Validity);
    }
    Ok(())
}
