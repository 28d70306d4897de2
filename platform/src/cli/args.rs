//! What the command line accepts.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use msgpay_wire::{SuiteId, trust::Purpose};

use crate::keys::{
    manifest::is_key_id,
    rotate::{Named, Use},
};

/// The 5G message payment platform of a payment institution (T/CAICI 92-2024).
///
/// Exit codes: 0 done, 1 the command found or met a problem, 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "msgpay-platform", version, arg_required_else_help = true, propagate_version = true)]
pub struct Cli {
    /// Print one JSON object instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the platform until SIGTERM or Ctrl-C, then drain and stop. Rotated keys are taken up while it runs, on
    /// SIGHUP at once.
    Serve(Serve),
    /// Make a development world: authority, certificates, institution keys, platform.toml, msgpay.json.
    DevPki(DevPki),
    /// Check the invariants of the stored money and orders.
    Check(OnConfig),
    /// Merchants.
    Merchant {
        /// What to do with a merchant.
        #[command(subcommand)]
        command: Merchant,
    },
    /// The institution's keys (development keys: the root lies beside them).
    Keys {
        /// What to do with keys.
        #[command(subcommand)]
        command: Keys,
    },
    /// Make a one-time activation code for the handset of a mobile number.
    Activate(Activate),
    /// The simulated bank (development mode only).
    Bank {
        /// What to do at the bank.
        #[command(subcommand)]
        command: Bank,
    },
}

/// The configuration that a command works on.
#[derive(Debug, Args)]
pub struct OnConfig {
    /// platform.toml
    #[arg(long, value_name = "FILE", default_value = "platform.toml")]
    pub config: PathBuf,
}

/// `serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Configuration.
    #[command(flatten)]
    pub on: OnConfig,
    /// Write the ready line (the bound addresses, as JSON) to this file too.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// End when standard input closes: a program that started the platform takes it along, however it ends.
    #[arg(long)]
    pub until_stdin_closes: bool,
}

/// `dev-pki`
#[derive(Debug, Args)]
pub struct DevPki {
    /// The directory; new or empty, unless --party is given.
    pub dir: PathBuf,
    /// Issue the certificates and keys of one party (a merchant, MaaP) into the existing directory.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["merchant_listen", "sdk_listen", "institution_id", "institution_name", "allow_notify"])]
    pub party: Option<String>,
    /// Where merchants will call; port 0 takes a free one at each start.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8443")]
    pub merchant_listen: SocketAddr,
    /// Where handsets will call.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8444")]
    pub sdk_listen: SocketAddr,
    /// Institution identifier, of A-Z, 0-9 and _.
    #[arg(long, value_name = "ID", default_value = "WALLET_A")]
    pub institution_id: String,
    /// Institution name as payers see it.
    #[arg(long, value_name = "NAME", default_value = "示例钱包")]
    pub institution_name: String,
    /// Let notices go to this exact host:port although it is loopback or private. May be repeated.
    #[arg(long, value_name = "HOST:PORT")]
    pub allow_notify: Vec<String>,
    /// How long the certificates and keys are good.
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=825))]
    pub days: u16,
    /// Suite of algorithms, international, guomi or, in a build with it, curve25519: the party's, or those that platform and handset use, the preferred
    /// one first. Keys of both are made.
    #[arg(long, value_name = "SUITE", default_value = "international", value_parser = suite)]
    pub suite: Vec<SuiteId>,
    /// Let P-256 device keys, which hardware keeps, sign for payments of other suites.
    #[arg(long, conflicts_with = "party")]
    pub device_p256: bool,
}

/// `keys …`
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make a second live key of each purpose and for HTTP signatures. A platform that serves takes them up within
    /// seconds, at once on SIGHUP; the old ones still open and verify.
    Rotate(KeysRotate),
    /// Withdraw a key: the signed policy then names a larger lowest number. A platform that serves follows likewise.
    Withdraw(KeysWithdraw),
}

/// `keys rotate`
#[derive(Debug, Args)]
pub struct KeysRotate {
    /// Configuration.
    #[command(flatten)]
    pub on: OnConfig,
    /// Only this purpose: seal, summary, receipt, launch, policy or http. May be repeated; all when absent.
    #[arg(long, value_name = "PURPOSE", value_parser = purpose)]
    pub purpose: Vec<Use>,
    /// Only this suite. May be repeated; those of the configuration when absent.
    #[arg(long, value_name = "SUITE", value_parser = suite)]
    pub suite: Vec<SuiteId>,
    /// How long the new keys are good.
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=825))]
    pub days: u16,
    /// How long merchants can read a new HTTP key before it signs.
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(0..=720))]
    pub announce_hours: u16,
}

/// `keys withdraw`
#[derive(Debug, Args)]
pub struct KeysWithdraw {
    /// Configuration.
    #[command(flatten)]
    pub on: OnConfig,
    /// Number of the key, or the key id of an HTTP key.
    #[arg(value_name = "KID", value_parser = named)]
    pub key: Named,
}

/// `merchant …`
#[derive(Debug, Subcommand)]
pub enum Merchant {
    /// Register a merchant with its TLS client certificate and its message-signing key.
    Add(MerchantAdd),
}

/// `merchant add`
#[derive(Debug, Args)]
pub struct MerchantAdd {
    /// Configuration.
    #[command(flatten)]
    pub on: OnConfig,
    /// Registered name: what payers are shown as payee.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// TLS client certificate, PEM.
    #[arg(long, value_name = "FILE")]
    pub cert: PathBuf,
    /// Public half of the message-signing key: P-256 or SM2 SubjectPublicKeyInfo, PEM.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The only host (and port, default 443) that this merchant's notices may go to.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub notify_host: String,
    /// Merchant id, 16 digits; made at random when absent.
    #[arg(long, value_name = "DIGITS", value_parser = merchant_id)]
    pub id: Option<String>,
    /// Key id that signatures will name; made from the merchant id when absent.
    #[arg(long, value_name = "ID", value_parser = key_id)]
    pub key_id: Option<String>,
    /// How long the signing key is accepted.
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=825))]
    pub days: u16,
}

/// `activate`
#[derive(Debug, Args)]
pub struct Activate {
    /// Configuration.
    #[command(flatten)]
    pub on: OnConfig,
    /// Mobile number, 11 digits.
    #[arg(long, value_name = "NUMBER", value_parser = mobile)]
    pub mobile: String,
}

/// `bank …`
#[derive(Debug, Subcommand)]
pub enum Bank {
    /// Open an account with money in it.
    Open(BankOpen),
    /// Tell the bank how to behave from now on.
    Behave(BankBehave),
}

/// `bank open`
#[derive(Debug, Args)]
pub struct BankOpen {
    /// Configuration.
    #[command(flatten)]
    pub on: OnConfig,
    /// Mobile number of the account's owner, 11 digits.
    #[arg(long, value_name = "NUMBER", value_parser = mobile)]
    pub mobile: String,
    /// Opening balance in fen.
    #[arg(long, value_name = "FEN", value_parser = clap::value_parser!(i64).range(0..=999_999_999_999))]
    pub fen: i64,
}

/// `bank behave`
#[derive(Debug, Args)]
pub struct BankBehave {
    /// Configuration.
    #[command(flatten)]
    pub on: OnConfig,
    /// Only for this owner's account; for every account when absent.
    #[arg(long, value_name = "NUMBER", value_parser = mobile)]
    pub mobile: Option<String>,
    /// Only for the next N debits, then approve again.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub times: Option<u32>,
    /// approve, decline, hang:MS, late:MS, twice or error-once.
    #[arg(value_name = "WHAT")]
    pub what: String,
}

fn suite(text: &str) -> Result<SuiteId, &'static str> {
    SuiteId::from_word(text).ok_or("a suite is one that this build knows: international, guomi")
}

fn purpose(text: &str) -> Result<Use, &'static str> {
    if text == Use::Http.word() {
        return Ok(Use::Http);
    }
    let of = Purpose::from_word(text).map(Use::Purpose);
    of.ok_or("a purpose is seal, summary, receipt, launch, policy or http")
}

fn named(text: &str) -> Result<Named, &'static str> {
    match text.parse() {
        Ok(kid) => Ok(Named::Number(kid)),
        Err(_) => key_id(text).map(Named::Http),
    }
}

fn mobile(text: &str) -> Result<String, &'static str> {
    let good = text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit());
    if good {
        Ok(text.to_owned())
    } else {
        Err("a mobile number has 11 digits and begins with 1, without +86")
    }
}

fn merchant_id(text: &str) -> Result<String, &'static str> {
    let good = text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit());
    if good { Ok(text.to_owned()) } else { Err("a merchant id has 16 digits") }
}

fn key_id(text: &str) -> Result<String, &'static str> {
    let good = is_key_id(text);
    if good { Ok(text.to_owned()) } else { Err("a key id has 1 to 64 of A-Z a-z 0-9 - _ .") }
}
