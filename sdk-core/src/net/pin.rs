//! Ordinary path validation, then the server's own key must be pinned.

use std::sync::Arc;

use msgpay_wire::{Primitives as _, SuiteId};
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error as TlsError, RootCertStore,
    SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

use crate::{config::Institution, failure::ConfigFault, trust::Crypto};

/// TLS 1.2 and 1.3 on ring, HTTP/1.1: a session has one call at a time, and HTTP/2 would be a fifteenth of the library.
pub(super) fn tls(institution: &Institution) -> Result<ClientConfig, ConfigFault> {
    let mut roots = RootCertStore::empty();
    for der in &institution.authorities {
        roots.add(CertificateDer::from(der.clone())).map_err(|_| ConfigFault::Authority)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let path = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|_| ConfigFault::Authority)?;
    let pinned = Pinned { path, pins: institution.spki_pins.clone() };
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| ConfigFault::Authority)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned))
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

#[derive(Debug)]
struct Pinned {
    path: Arc<WebPkiServerVerifier>,
    pins: Vec<[u8; 32]>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let good = self.path.verify_server_cert(end, between, name, ocsp, now)?;
        // The parsed certificate gives the SPKI with its outer SEQUENCE: what pins are made of (RFC 7469 §2.4).
        let spki = ParsedCertificate::try_from(end)?.subject_public_key_info();
        let pin = Crypto.hash(SuiteId::International, spki.as_ref());
        if self.pins.contains(&pin) {
            Ok(good)
        } else {
            Err(TlsError::General("the server's key is not pinned".to_owned()))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.path.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.path.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.path.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.path.root_hint_subjects()
    }
}
