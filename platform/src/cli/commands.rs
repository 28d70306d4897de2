//! The commands that do one thing and end.

use msgpay_wire::{Primitives as _, SuiteId};

use super::{End, Failure, Say, args};
use crate::{
    bank::Behaviour,
    check,
    clock::SharedClock,
    config::Config,
    keys::{
        BuiltIn,
        rotate::{self, Made, Named, Use},
    },
    notify::fence::Endpoint,
    pki::{DevPki, Plan, issue::Validity, spki},
    serve::Opened,
    store::{KeyAdded, MerchantKey, NewMerchant},
    tls,
};

const DAY_MS: i64 = 86_400_000;
const HOUR_S: i64 = 3_600;
/// Head of merchant numbers that this platform gives out.
const MERCHANT_HEAD: &str = "898";

pub(super) fn dev_pki(args: &args::DevPki, clock: &SharedClock, say: &mut Say<'_>) -> Result<End, Failure> {
    let now_s = clock.now_s();
    if let Some(party) = &args.party {
        let [suite] = args.suite.as_slice() else {
            return Err(Failure::Refused(
                "--suite: a party has one signing key, so write one suite".to_owned(),
            ));
        };
        let files = DevPki::open(&args.dir)?.party(party, *suite, now_s, args.days)?;
        let object = serde_json::json!({ "party": party, "dir": files.dir });
        say.result(&object, &format!("issued {}", files.dir.display()))?;
        return Ok(End::Good);
    }
    let plan = Plan {
        institution_id: args.institution_id.clone(),
        institution_name: args.institution_name.clone(),
        merchant_listen: args.merchant_listen,
        sdk_listen: args.sdk_listen,
        allow_notify: args.allow_notify.clone(),
        days: args.days,
        suites: args.suite.clone(),
        device_p256: args.device_p256,
    };
    let pki = DevPki::make(&args.dir, &plan, now_s)?;
    let config = pki.dir().join("platform.toml");
    let object =
        serde_json::json!({ "dir": pki.dir(), "config": config, "sdk": pki.dir().join("msgpay.json") });
    say.result(
        &object,
        &format!("made {0}\nnext: msgpay-platform serve --config {1}", pki.dir().display(), config.display()),
    )?;
    Ok(End::Good)
}

pub(super) fn keys(command: &args::Keys, clock: &SharedClock, say: &mut Say<'_>) -> Result<End, Failure> {
    match command {
        args::Keys::Rotate(args) => {
            let config = Config::read(&args.on.config)?;
            let suites = if args.suite.is_empty() { &config.policy.suites } else { &args.suite };
            let uses = if args.purpose.is_empty() { &Use::ALL[..] } else { &args.purpose };
            let now_s = clock.now_s();
            let plan = rotate::Plan {
                validity: Validity::days(now_s, args.days),
                now_s,
                http_from: now_s + i64::from(args.announce_hours) * HOUR_S,
            };
            let made = rotate::rotate(&config.keys.dir, uses, suites, &plan)?;
            let object: Vec<_> = made.iter().map(made_object).collect();
            let words: Vec<_> = made.iter().map(made_words).collect();
            say.result(&serde_json::json!({ "made": object }), &words.join("\n"))?;
        }
        args::Keys::Withdraw(args) => {
            let config = Config::read(&args.on.config)?;
            rotate::withdraw(&config.keys.dir, &args.key, clock.now_s())?;
            let (object, words) = match &args.key {
                Named::Number(kid) => (serde_json::json!(kid), kid.to_string()),
                Named::Http(key_id) => (serde_json::json!(key_id), key_id.clone()),
            };
            say.result(&serde_json::json!({ "withdrawn": object }), &format!("withdrew {words}"))?;
        }
    }
    Ok(End::Good)
}

fn made_object(made: &Made) -> serde_json::Value {
    match made {
        Made::Purpose { suite, purpose, kid } => {
            serde_json::json!({ "suite": suite.word(), "purpose": purpose.word(), "kid": kid })
        }
        Made::Http { suite, key_id, public, from } => serde_json::json!({
            "suite": suite.word(), "purpose": Use::Http.word(), "keyId": key_id, "publicKey": public, "from": from
        }),
    }
}

fn made_words(made: &Made) -> String {
    match made {
        Made::Purpose { suite, purpose, kid } => format!("{kid} {} {}", suite.word(), purpose.word()),
        Made::Http { suite, key_id, public, .. } => {
            format!("{key_id} {} http, to give out: {}", suite.word(), public.display())
        }
    }
}

pub(super) async fn check(opened: Opened, say: &mut Say<'_>) -> Result<End, Failure> {
    let findings = check::check(&opened.store, Some(&opened.bank)).await?;
    let listed: Vec<_> = findings
        .iter()
        .map(|f| serde_json::json!({ "invariant": f.invariant, "object": f.object, "what": f.what }))
        .collect();
    let words = if findings.is_empty() {
        "all invariants hold".to_owned()
    } else {
        findings
            .iter()
            .map(|f| format!("{} {}: {}", f.invariant, f.object, f.what))
            .collect::<Vec<_>>()
            .join("\n")
    };
    say.result(&serde_json::json!({ "ok": findings.is_empty(), "findings": listed }), &words)?;
    Ok(if findings.is_empty() { End::Good } else { End::Findings })
}

pub(super) async fn merchant_add(
    args: &args::MerchantAdd,
    opened: Opened,
    say: &mut Say<'_>,
) -> Result<End, Failure> {
    let refuse = |words: &str| Failure::Refused(words.to_owned());
    let name = args.name.trim();
    if name.chars().count() > 64 || !msgpay_wire::annex_c::reads_as_stored(name) {
        return Err(refuse("--name: write 1 to 64 characters that can be seen"));
    }
    if Endpoint::parse(&args.notify_host).is_none() {
        return Err(refuse("--notify-host: write host or host:port"));
    }
    let (suite, public_key) = spki::read(&args.key).ok_or_else(|| {
        refuse("--key: is not a public key of a known suite: P-256 or SM2 (PEM, BEGIN PUBLIC KEY)")
    })?;
    if !Config::read(&args.on.config)?.policy.allows(suite) {
        return Err(refuse("--key: is of a suite that policy.suites does not list; nothing is done in it"));
    }
    let certificate = tls::certificates(&args.cert)
        .map_err(|e| refuse(&e.to_string()))?
        .into_iter()
        .next()
        .ok_or_else(|| refuse("--cert: holds no certificate"))?;
    let id = match &args.id {
        Some(id) => id.clone(),
        None => new_merchant_id()?,
    };
    let now_ms = opened.store.clock().now_ms();
    let key_id =
        args.key_id.clone().unwrap_or_else(|| format!("m-{id}-{}a", &crate::ids::china_date(now_ms)[..4]));
    let added = opened
        .store
        .add_merchant(NewMerchant {
            id: id.clone(),
            name: name.to_owned(),
            notify_host_allow: args.notify_host.clone(),
            lenient: false,
        })
        .await?;
    if !added {
        return Err(refuse("--id: this merchant number is taken"));
    }
    let key = MerchantKey {
        key_id: key_id.clone(),
        merchant_id: id.clone(),
        suite,
        public_key: public_key.to_vec(),
        cert_sha256: BuiltIn.hash(SuiteId::International, &certificate),
        // Clocks may differ: a key made a moment ago on a machine ahead of this one is good at once.
        not_before_ms: now_ms - 300_000,
        not_after_ms: now_ms + i64::from(args.days) * DAY_MS,
        revoked_at_ms: None,
    };
    match opened.store.add_merchant_key(key).await? {
        KeyAdded::Added => {}
        KeyAdded::Taken => return Err(refuse("--key-id: is taken; choose another")),
        KeyAdded::TooManyLive => return Err(refuse("two keys of this merchant are live; revoke one first")),
        KeyAdded::NoMerchant => return Err(refuse("the merchant is gone again; nothing was added")),
    }
    let object = serde_json::json!({ "merchantId": id, "keyId": key_id });
    say.result(&object, &format!("merchantId {id}\nkeyId      {key_id}"))?;
    Ok(End::Good)
}

fn new_merchant_id() -> Result<String, Failure> {
    let mut id = MERCHANT_HEAD.to_owned();
    while id.len() < 16 {
        let digit = msgpay_crypto::random::below(10)
            .map_err(|_| Failure::Refused("the system gives no randomness".to_owned()))?;
        id.push_str(&digit.to_string());
    }
    Ok(id)
}

pub(super) async fn activate(
    args: &args::Activate,
    opened: Opened,
    say: &mut Say<'_>,
) -> Result<End, Failure> {
    let account = account_of(&opened, &args.mobile);
    let funding = format!("示例银行 储蓄卡（{}）", &account[account.len() - 4..]);
    let made = opened.store.make_activation(&args.mobile, &account, &funding).await?;
    let object = serde_json::json!({
        "code": made.code,
        "expires": made.expires_at_ms.div_euclid(1000),
        "walletId": made.wallet_id,
    });
    let minutes = (made.expires_at_ms - opened.store.clock().now_ms()).div_euclid(60_000) + 1;
    say.result(&object, &format!("{}\ngood for {minutes} minutes, for one device", made.code))?;
    Ok(End::Good)
}

pub(super) async fn bank_open(
    args: &args::BankOpen,
    opened: Opened,
    say: &mut Say<'_>,
) -> Result<End, Failure> {
    let account = account_of(&opened, &args.mobile);
    if !opened.bank.open_account(&account, args.fen).await? {
        return Err(Failure::Refused("this owner has an account already".to_owned()));
    }
    let object = serde_json::json!({ "account": account, "fen": args.fen });
    say.result(&object, &format!("account {account} holds {} fen", args.fen))?;
    Ok(End::Good)
}

pub(super) async fn bank_behave(
    args: &args::BankBehave,
    opened: Opened,
    say: &mut Say<'_>,
) -> Result<End, Failure> {
    let behaviour: Behaviour = args.what.parse().map_err(|_| {
        Failure::Refused("write approve, decline, hang:MS, late:MS, twice or error-once".to_owned())
    })?;
    let account = args.mobile.as_deref().map_or_else(|| "*".to_owned(), |m| account_of(&opened, m));
    opened.bank.behave(&account, behaviour, args.times).await?;
    let object = serde_json::json!({ "account": account, "behaviour": args.what, "times": args.times });
    say.result(&object, &format!("the bank will {} for {account}", args.what))?;
    Ok(End::Good)
}

/// The simulated bank's account number of a mobile number: 16 digits, always the same on one platform. It stands in
/// the book, so it is made from the number's blind index: a bare digest could be tried out against all numbers.
fn account_of(opened: &Opened, mobile: &str) -> String {
    let made_of = [b"simulated bank account ".as_slice(), &opened.store.mobile_index(mobile)].concat();
    let digest = BuiltIn.hash(SuiteId::International, &made_of);
    let tail: String = digest.iter().take(12).map(|byte| char::from(b'0' + byte % 10)).collect();
    format!("6222{tail}")
}
