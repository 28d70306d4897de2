use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::ServerName;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;

/// An authority, a server, and clients number 1 and 2, of which number 1 is revoked.
struct Files(tempfile::TempDir);

impl Files {
    fn make() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        files.write("ca.pem", &params.self_signed(&key).unwrap().pem());
        let issuer = Issuer::new(params, key);
        for (name, serial, usage) in [
            ("server", 9, ExtendedKeyUsagePurpose::ServerAuth),
            ("client-1", 1, ExtendedKeyUsagePurpose::ClientAuth),
            ("client-2", 2, ExtendedKeyUsagePurpose::ClientAuth),
        ] {
            let mut leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
            leaf.serial_number = Some(SerialNumber::from(serial));
            leaf.extended_key_usages = vec![usage];
            leaf.use_authority_key_identifier_extension = true;
            let key = KeyPair::generate().unwrap();
            files.write(&format!("{name}.pem"), &leaf.signed_by(&key, &issuer).unwrap().pem());
            files.write(&format!("{name}.key"), &key.serialize_pem());
        }
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, 1),
            next_update: date_time_ymd(2036, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![RevokedCertParams {
                serial_number: SerialNumber::from(1),
                revocation_time: date_time_ymd(2026, 1, 1),
                reason_code: None,
                invalidity_date: None,
            }],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        files.write("list.pem", &list.signed_by(&issuer).unwrap().pem().unwrap());
        files
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Whether the server takes this client, with or without the revocation list.
    async fn meets(&self, client_name: &str, list: bool) -> bool {
        let (certificate, key) = (self.path("server.pem"), self.path("server.key"));
        let list = list.then(|| self.path("list.pem"));
        let identity = IdentityFiles { certificate: &certificate, key: &key };
        let server = mutual_server(identity, &self.path("ca.pem"), list.as_deref()).unwrap();
        let certificate = self.path(&format!("{client_name}.pem"));
        let key = self.path(&format!("{client_name}.key"));
        let identity = IdentityFiles { certificate: &certificate, key: &key };
        let config = client(&self.path("ca.pem"), Some(identity)).unwrap();
        let (near, far) = tokio::io::duplex(1 << 16);
        let connector = TlsConnector::from(Arc::new(config));
        let connects = connector.connect(ServerName::try_from("localhost").unwrap(), near);
        let (accepted, _) = tokio::join!(TlsAcceptor::from(Arc::new(server)).accept(far), connects);
        accepted.is_ok()
    }
}

#[tokio::test]
async fn a_revoked_client_is_refused_and_its_neighbour_is_not() {
    let files = Files::make();
    assert!(files.meets("client-1", false).await, "the control: without the list it passes");
    assert!(!files.meets("client-1", true).await);
    assert!(files.meets("client-2", true).await);
}

#[test]
fn a_wrong_file_is_named_and_its_content_is_not() {
    let files = Files::make();
    files.write("junk.pem", "-----BEGIN CERTIFICATE-----\nhu!sh\n-----END CERTIFICATE-----\n");
    for (name, expected) in
        [("client-1.key", "none found"), ("nowhere.pem", "No such file"), ("junk.pem", "PEM")]
    {
        let refused = certificates(&files.path(name)).unwrap_err().to_string();
        assert!(refused.contains(name) && refused.contains(expected), "{refused}");
        assert!(!refused.contains("hu!sh"), "{refused}");
    }
}
