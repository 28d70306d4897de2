//! TLS configurations. One provider, ring, is passed explicitly everywhere; TLS 1.2 and 1.3; nothing of the
//! process-wide default is used.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{
        CertificateDer, CertificateRevocationListDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
    server::WebPkiClientVerifier,
};

/// Why a TLS configuration can't be built. The operator's fault.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A PEM file is missing, unreadable or empty.
    #[error("{path}: expected PEM with {expected}: {reason}")]
    Pem {
        /// The file.
        path: std::path::PathBuf,
        /// What should have been in it.
        expected: &'static str,
        /// What the parser said; never the content.
        reason: String,
    },
    /// The files parse but do not fit together.
    #[error("TLS files do not fit together ({what}): {reason}")]
    Unfit {
        /// Which configuration.
        what: &'static str,
        /// What rustls said.
        reason: String,
    },
}

/// The one provider.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A certificate chain with its key, as files.
#[derive(Debug, Clone, Copy)]
pub struct IdentityFiles<'a> {
    /// Chain, PEM, leaf first.
    pub certificate: &'a Path,
    /// Key, PEM PKCS#8.
    pub key: &'a Path,
}

impl IdentityFiles<'_> {
    fn read(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
        let key =
            PrivateKeyDer::from_pem_file(self.key).map_err(|e| pem_error(self.key, "a private key", &e))?;
        Ok((certificates(self.certificate)?, key))
    }
}

/// Server side with server authentication only (handsets prove themselves by device signatures).
pub fn server(identity: IdentityFiles<'_>) -> Result<ServerConfig, TlsError> {
    let (chain, key) = identity.read()?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| unfit("protocol versions", &e))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| unfit("server certificate and key", &e))?;
    Ok(with_alpn(config))
}

/// Server side that demands a client certificate from `client_ca` (T/CAICI 92 §6.3.1(1)); expired, revoked
/// or foreign certificates end the handshake.
pub fn mutual_server(
    identity: IdentityFiles<'_>,
    client_ca: &Path,
    client_crl: Option<&Path>,
) -> Result<ServerConfig, TlsError> {
    let mut verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots(client_ca)?), provider());
    if let Some(path) = client_crl {
        let lists = CertificateRevocationListDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|e| pem_error(path, "certificate revocation lists", &e))?;
        verifier = verifier.with_crls(lists);
    }
    let verifier = verifier.build().map_err(|e| unfit("client certificate authorities", &e))?;
    let (chain, key) = identity.read()?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| unfit("protocol versions", &e))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|e| unfit("server certificate and key", &e))?;
    Ok(with_alpn(config))
}

/// Client side that trusts `ca` and presents `identity`. HTTP/1.1 only: notices are single requests.
pub fn client(ca: &Path, identity: Option<IdentityFiles<'_>>) -> Result<ClientConfig, TlsError> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| unfit("protocol versions", &e))?
        .with_root_certificates(roots(ca)?);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(files) => {
            let (chain, key) = files.read()?;
            builder.with_client_auth_cert(chain, key).map_err(|e| unfit("client certificate and key", &e))?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// All certificates of a PEM file; at least one.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| pem_error(path, "certificates", &e))?;
    if found.is_empty() {
        return Err(pem_error(path, "certificates", &pem::Error::NoItemsFound));
    }
    Ok(found)
}

fn roots(path: &Path) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(path)? {
        store.add(certificate).map_err(|e| unfit("certificate authority", &e))?;
    }
    Ok(store)
}

fn with_alpn(mut config: ServerConfig) -> ServerConfig {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

fn pem_error(path: &Path, expected: &'static str, reason: &pem::Error) -> TlsError {
    // The parser's Debug text may quote the file's bytes; only the kind goes out.
    let reason = match reason {
        pem::Error::Io(e) => e.to_string(),
        pem::Error::NoItemsFound => "none found".to_owned(),
        _ => "not well-formed PEM".to_owned(),
    };
    TlsError::Pem { path: path.to_owned(), expected, reason }
}

fn unfit(what: &'static str, reason: &dyn std::error::Error) -> TlsError {
    TlsError::Unfit { what, reason: reason.to_string() }
}

#[cfg(test)]
mod tests;
