//! The data folder: what the platform's set-up commands make, and what the other parties keep.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use msgpay_sdk_core::{Config as SdkConfig, Host, Membership, MsgPay, SystemClock};
use msgpay_wire::SuiteId;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::platform::{Serving, command};
use super::{MOBILE, StageError, StageOptions};
use crate::handset::{FileKeystore, FolderVault};
use crate::scenario::promise::BookFiles;

/// Name of the merchant's identity below `parties/`.
pub(super) const MERCHANT: &str = "merchant";
/// Name of the operator's identity below `parties/`.
pub(super) const MAAP: &str = "maap";
/// The merchant's registered name.
pub(super) const MERCHANT_NAME: &str = "青禾咖啡";

/// What a folder remembers of its stage.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The merchant's number at the platform.
    pub(super) merchant_id: String,
    /// The number of its signing key.
    pub(super) key_id: String,
    /// The subscriber's account at the bank.
    pub(super) bank_account: String,
    /// Its key for postback tokens, hex.
    postback_key: String,
    /// Where it listens for notices and uplinks.
    pub(super) merchant_listen: SocketAddr,
    /// In which suite all parties speak.
    #[serde(with = "word")]
    pub(super) suite: SuiteId,
}

/// A suite by its word.
mod word {
    use msgpay_wire::SuiteId;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(suite: &SuiteId, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(suite.word())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SuiteId, D::Error> {
        let word = String::deserialize(from)?;
        SuiteId::from_word(&word).ok_or_else(|| D::Error::custom("no suite of this build"))
    }
}

/// What an application needs to reach a stage.
#[derive(Debug, Clone, Serialize)]
pub struct SdkFiles {
    /// The institution's id.
    pub institution: String,
    /// The SDK's configuration, JSON.
    pub config: String,
    /// The text of each file that it names.
    pub files: BTreeMap<String, String>,
}

/// A data folder.
pub(super) struct Folder {
    path: PathBuf,
    pub(super) kept: Kept,
    _temporary: Option<tempfile::TempDir>,
}

/// Binds a port, waiting a little for one that an earlier life has just left.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, StageError> {
    let mut last = None;
    for _ in 0..50 {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err(StageError::Process(last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into())))
}

impl Folder {
    /// Opens a folder, or makes it with everything that is set up once. Gives the merchant's listener too, whose port
    /// the platform's fence must know beforehand.
    pub(super) async fn open(options: &StageOptions) -> Result<(Self, TcpListener), StageError> {
        let (path, temporary) = match &options.folder {
            Some(path) => (path.clone(), None),
            None => {
                let temporary =
                    tempfile::Builder::new().prefix("msgpay-").tempdir().map_err(StageError::Process)?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        let stage = path.join("stage.json");
        if let Ok(bytes) = std::fs::read(&stage) {
            let kept: Kept = serde_json::from_slice(&bytes).map_err(|_| StageError::File("stage.json"))?;
            let listener = bind(kept.merchant_listen).await?;
            return Ok((Self { path, kept, _temporary: temporary }, listener));
        }
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let merchant_listen = listener.local_addr().map_err(StageError::Process)?;
        let kept = set_up(&path.join("platform"), options, merchant_listen).await?;
        let bytes = serde_json::to_vec_pretty(&kept).map_err(|_| StageError::File("stage.json"))?;
        std::fs::write(&stage, bytes).map_err(StageError::Process)?;
        Ok((Self { path, kept, _temporary: temporary }, listener))
    }

    fn platform(&self) -> PathBuf {
        self.path.join("platform")
    }

    pub(super) fn platform_config(&self) -> PathBuf {
        self.platform().join("platform.toml")
    }

    pub(super) fn party(&self, name: &str) -> PathBuf {
        self.platform().join("parties").join(name)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.platform().join(name)
    }

    pub(super) fn phone(&self) -> PathBuf {
        self.path.join("phone")
    }

    pub(super) fn merchant_folder(&self) -> PathBuf {
        self.path.join("merchant")
    }

    /// The merchant's own key for its postback tokens.
    pub(super) fn postback_key(&self) -> Result<[u8; 32], StageError> {
        let mut key = [0; 32];
        hex::decode_to_slice(&self.kept.postback_key, &mut key)
            .map_err(|_| StageError::File("stage.json"))?;
        Ok(key)
    }

    pub(super) fn book_files(&self) -> BookFiles {
        BookFiles { platform: self.file("platform.sqlite"), bank: self.file("bank.sqlite") }
    }

    pub(super) fn sdk_config(&self) -> Result<SdkConfig, StageError> {
        SdkConfig::read(&self.file("msgpay.json")).map_err(|_| StageError::File("msgpay.json"))
    }

    /// The SDK's configuration as text, with the institution reached at another port, and the files that it names.
    pub(super) fn sdk_files(&self, port: u16) -> Result<SdkFiles, StageError> {
        let wrong = || StageError::File("msgpay.json");
        let text = std::fs::read_to_string(self.file("msgpay.json")).map_err(StageError::Process)?;
        let mut config: serde_json::Value = serde_json::from_str(&text).map_err(|_| wrong())?;
        let one = config.pointer_mut("/institutions/0").ok_or_else(wrong)?;
        *one.get_mut("base_url").ok_or_else(wrong)? = format!("https://localhost:{port}").into();
        let word =
            |key: &str| one.get(key).and_then(serde_json::Value::as_str).map(str::to_owned).ok_or_else(wrong);
        let (institution, authority) = (word("institution_id")?, word("ca_cert")?);
        let pem = std::fs::read_to_string(self.file(&authority)).map_err(StageError::Process)?;
        Ok(SdkFiles { institution, config: config.to_string(), files: BTreeMap::from([(authority, pem)]) })
    }

    /// Writes the ports that the platform was given into its configuration, so that it comes back where it was.
    pub(super) fn keep_ports(&self, serving: &Serving) -> Result<(), StageError> {
        self.change_platform_config(|config| {
            for (section, address) in [("merchant", serving.merchant), ("sdk", serving.sdk)] {
                let table = config.get_mut(section)?.as_table_mut()?;
                table.insert("listen".to_owned(), toml::Value::String(address.to_string()));
            }
            Some(())
        })
    }

    /// Writes other suites into the platform's policy.
    pub(super) fn set_platform_suites(&self, suites: &[SuiteId]) -> Result<(), StageError> {
        self.change_platform_config(|config| {
            let policy = config.get_mut("policy")?.as_table_mut()?;
            let words = suites.iter().map(|suite| toml::Value::String(suite.word().to_owned()));
            policy.insert("suites".to_owned(), toml::Value::Array(words.collect()));
            Some(())
        })
    }

    fn change_platform_config(
        &self,
        change: impl FnOnce(&mut toml::Table) -> Option<()>,
    ) -> Result<(), StageError> {
        let path = self.platform_config();
        let text = std::fs::read_to_string(&path).map_err(StageError::Process)?;
        let wrong = || StageError::File("platform.toml");
        let mut config: toml::Table = text.parse().map_err(|_| wrong())?;
        change(&mut config).ok_or_else(wrong)?;
        std::fs::write(&path, config.to_string()).map_err(StageError::Process)
    }

    /// Who the phone is at the institution; `None` before its activation.
    pub(super) fn membership(&self) -> Result<Option<Membership>, StageError> {
        let wrong = || StageError::File("the phone's vault");
        let folder = self.phone();
        if !folder.is_dir() {
            return Ok(None);
        }
        let config = self.sdk_config()?;
        let institution = config.institutions.first().map(|i| i.id.clone()).unwrap_or_default();
        let host = Host {
            keystore: Arc::new(FileKeystore::open(&folder).map_err(|_| wrong())?),
            vault: Arc::new(FolderVault::open(&folder).map_err(|_| wrong())?),
            clock: Arc::new(SystemClock::start()),
        };
        MsgPay::open(config, host).membership(&institution).map_err(|_| wrong())
    }
}

async fn set_up(
    folder: &Path,
    options: &StageOptions,
    merchant_listen: SocketAddr,
) -> Result<Kept, StageError> {
    let (program, suite) = (&options.program, options.suite);
    let text =
        |path: &Path| path.to_str().map(str::to_owned).ok_or(StageError::File("the data folder's name"));
    let (dir, config) = (text(folder)?, text(&folder.join("platform.toml"))?);
    let notify = merchant_listen.to_string();
    let any = "127.0.0.1:0";
    command(
        program,
        &[
            "dev-pki",
            &dir,
            "--merchant-listen",
            any,
            "--sdk-listen",
            any,
            "--allow-notify",
            &notify,
            "--suite",
            suite.word(),
        ],
    )
    .await?;
    for party in [MERCHANT, MAAP] {
        command(program, &["dev-pki", &dir, "--party", party, "--suite", suite.word()]).await?;
    }
    let party = folder.join("parties").join(MERCHANT);
    let (cert, key) = (text(&party.join("client.pem"))?, text(&party.join("signing.pub.pem"))?);
    let added = command(
        program,
        &[
            "merchant",
            "add",
            "--config",
            &config,
            "--name",
            MERCHANT_NAME,
            "--cert",
            &cert,
            "--key",
            &key,
            "--notify-host",
            &notify,
        ],
    )
    .await?;
    let fen = options.opened_fen.to_string();
    let opened =
        command(program, &["bank", "open", "--config", &config, "--mobile", MOBILE, "--fen", &fen]).await?;
    let field = |from: &serde_json::Value, name: &str| {
        from[name].as_str().map(str::to_owned).ok_or(StageError::File("a set-up command's answer"))
    };
    let postback_key: [u8; 32] =
        msgpay_crypto::random::make().map_err(|_| StageError::File("the system's randomness"))?;
    Ok(Kept {
        postback_key: hex::encode(postback_key),
        merchant_id: field(&added, "merchantId")?,
        key_id: field(&added, "keyId")?,
        bank_account: field(&opened, "account")?,
        merchant_listen,
        suite,
    })
}
