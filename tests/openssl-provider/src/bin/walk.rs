//! One end of a chain, or of a password record, in a process with one provider: the built-in one, or the second one
//! installed in its place. Tests let two of these talk.
//!
//! ```text
//! walk built-in|openssl 1|2 public           prints the opener's public key
//! walk built-in|openssl 1|2 seal PUBLIC      prints encapsulation, layout, one box a press, closing tag
//! walk built-in|openssl 1|2 open             reads those lines, prints what was pressed
//! walk built-in|openssl 1|2 record           prints a password record
//! walk built-in|openssl 1|2 verify RECORD    prints Right or Wrong
//! walk built-in|openssl 1|2 sign             prints a signature
//! walk built-in|openssl 1|2 check PUBLIC SIG checks it
//! ```
//! Its keys and texts are fixed and known to everyone.

use msgpay_crypto::{
    Error, MacKey, OpenChain, OpeningKey, SealChain, SecretPage, SigningKey, SuiteId, password, suite,
};
use msgpay_openssl_provider::{GUOMI, INTERNATIONAL, prepare};
use std::io::{Read, Write};
use std::process::ExitCode;

const SCALAR: [u8; 32] = [0x17; 32];
const LAYOUT: &[u8] = b"layout 0123456789";
const PRESSES: &[u8] = b"press after press";

fn main() -> ExitCode {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(lines) => {
            let printed = lines.iter().try_for_each(|line| writeln!(std::io::stdout(), "{line}"));
            if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            // A closed pipe leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "{error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<Vec<String>, Error> {
    let [provider, number, rest @ ..] = arguments else { return Err(Error::Misused) };
    match *provider {
        "built-in" => {}
        "openssl" => {
            prepare()?;
            suite::install(&INTERNATIONAL)?;
            suite::install(&GUOMI)?;
        }
        _ => return Err(Error::Misused),
    }
    let id = SuiteId::from_number(number.parse().map_err(|_| Error::UnknownSuite)?)?;
    match *rest {
        ["public"] => Ok(vec![hex::encode(opening_key(id)?.public_key())]),
        ["seal", public] => seal(id, &unhex(public)?),
        ["open"] => open(id).map(|text| vec![text]),
        ["record"] => {
            Ok(vec![password::make_record(&pepper(id)?, b"wallet", &SecretPage::copy_of(PRESSES)?)?])
        }
        ["verify", record] => {
            let answer = password::verify(&pepper(id)?, b"wallet", record, &SecretPage::copy_of(PRESSES)?)?;
            Ok(vec![format!("{answer:?}")])
        }
        ["sign"] => {
            let key = SigningKey::from_scalar(id, &SecretPage::copy_of(&SCALAR)?)?;
            Ok(vec![hex::encode(key.sign(PRESSES)?)])
        }
        ["check", public, signature] => {
            id.suite().verify(&unhex(public)?, PRESSES, &unhex(signature)?).map(|()| Vec::new())
        }
        _ => Err(Error::Misused),
    }
}

fn unhex(text: &str) -> Result<Vec<u8>, Error> {
    hex::decode(text).map_err(|_| Error::Misused)
}

fn opening_key(id: SuiteId) -> Result<OpeningKey, Error> {
    OpeningKey::from_scalar(id, &SecretPage::copy_of(&SCALAR)?)
}

fn pepper(id: SuiteId) -> Result<MacKey, Error> {
    Ok(MacKey::from_page(id, SecretPage::copy_of(&[0x70; 32])?))
}

fn seal(id: SuiteId, public: &[u8]) -> Result<Vec<String>, Error> {
    let (encapsulation, mut chain) = SealChain::setup(id, public, b"context", b"label")?;
    let mut lines = vec![hex::encode(encapsulation)];
    lines.push(hex::encode(chain.seal_with(b"layout", b"", SecretPage::copy_of(LAYOUT)?)?));
    for press in PRESSES {
        lines.push(hex::encode(chain.step(&[1], *press)?));
    }
    lines.push(hex::encode(chain.close_with(b"close", b"all")?));
    Ok(lines)
}

fn open(id: SuiteId) -> Result<String, Error> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|_| Error::Misused)?;
    let lines = text.lines().map(unhex).collect::<Result<Vec<_>, _>>()?;
    let [encapsulation, layout, boxes @ .., tag] = &lines[..] else { return Err(Error::Misused) };
    let mut chain = OpenChain::setup(&opening_key(id)?, encapsulation, b"context", b"label")?;
    if chain.open_with(b"layout", b"", layout)?.expose(<[u8]>::to_vec)? != LAYOUT {
        return Err(Error::BadEntry);
    }
    let mut pressed = SecretPage::with_capacity(boxes.len())?;
    for sealed in boxes {
        let sealed = sealed.as_slice().try_into().map_err(|_| Error::NotOpened)?;
        chain.step_open(&[1], sealed, &mut pressed)?;
    }
    chain.close_with(b"close", b"all", tag.as_slice().try_into().map_err(|_| Error::NotOpened)?)?;
    pressed.expose(|bytes| String::from_utf8_lossy(bytes).into_owned())
}
