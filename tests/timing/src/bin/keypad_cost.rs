//! What sealing an entry costs in each suite, beside what its parts cost, in one run: `cargo xtask bench keypad`.
//!
//! One JSON object a line: `suite`, `name`, `ns` (the least of all rounds) and `median_ns`, for one operation. The
//! rounds are interleaved, so that a busy machine slows all figures alike; compare figures of one run only.
#![expect(clippy::print_stdout, reason = "printing figures is its job")]

use hpke::{Deserializable, Kem, OpModeS};
use msgpay_crypto::{SealChain, SecretPage, SuiteId, room};
use msgpay_sdk_core::Kind;
use msgpay_timing::{CHAIN, CONTEXT, LAYOUT, PRESSES, keypad, opening_key};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 61;

type Failure = Box<dyn std::error::Error>;

/// One figure: how to take it once, in nanoseconds, and what every round gave.
struct Measured<'a> {
    suite: SuiteId,
    name: &'static str,
    take: Box<dyn FnMut() -> Result<f64, Failure> + 'a>,
    figures: Vec<f64>,
}

/// Nanoseconds of one of `times` runs.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn timed(times: u32, mut work: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let start = Instant::now();
    for _ in 0..times {
        work()?;
    }
    Ok(start.elapsed().as_secs_f64() * 1e9 / f64::from(times))
}

/// A whole entry as the handset seals it: set-up, layout, 64 boxes, closing tag.
fn whole_entry(suite: SuiteId, public_key: &[u8]) -> Result<(), Failure> {
    let (encapsulation, mut chain) = SealChain::setup(suite, public_key, CONTEXT, CHAIN)?;
    let layout = SecretPage::copy_of(LAYOUT)?;
    black_box(chain.seal_with(b"layout", b"layout", layout)?);
    for at in 1..=PRESSES {
        black_box(chain.step(&[at], black_box(at % 10))?);
    }
    black_box((encapsulation, chain.close_with(b"close", CONTEXT)?));
    Ok(())
}

/// The set-up by the library alone: no clean room, no secret page.
fn bare_setup(suite: SuiteId, public_key: &[u8]) -> Result<(), Failure> {
    let mut chain = [0; 32];
    if suite == SuiteId::International {
        type P256 = hpke::kem::DhP256HkdfSha256;
        let key = <P256 as Kem>::PublicKey::from_bytes(public_key).map_err(|e| e.to_string())?;
        let (encapsulation, context) =
            hpke::setup_sender::<hpke::aead::AesGcm256, hpke::kdf::HkdfSha256, P256>(
                &OpModeS::Base,
                &key,
                CONTEXT,
            )
            .map_err(|e| e.to_string())?;
        context.export(CHAIN, &mut chain).map_err(|e| e.to_string())?;
        black_box(encapsulation);
    } else {
        let key = sm2::pke::EncryptingKey::from_sec1_bytes(public_key).map_err(|e| e.to_string())?;
        let mut drawn = [0; 288];
        msgpay_crypto::random::fill(&mut drawn)?;
        let (seed, ephemeral) = drawn.split_at(32);
        let sealed = key.encrypt_der(&mut Drawn(ephemeral), seed).map_err(|e| e.to_string())?;
        suite.suite().expand(seed.try_into()?, CONTEXT, &mut chain)?;
        black_box(sealed);
    }
    black_box(chain);
    Ok(())
}

/// Randomness drawn beforehand, in the shape that the libraries ask for.
struct Drawn<'a>(&'a [u8]);

impl hpke::rand_core::TryRng for Drawn<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        let (now, later) = self.0.split_at(bytes.len());
        bytes.copy_from_slice(now);
        self.0 = later;
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Drawn<'_> {}

/// Presses on the core's own keypad, as a host makes them; the opening is not timed.
fn keypad_press(suite: SuiteId, seal_key: [u8; 65]) -> Result<f64, Failure> {
    let (mut keypad, _keys) = keypad::open(suite, Kind::FullText, seal_key, 1..=60)?;
    timed(60, || {
        black_box(keypad.press(black_box(7)).map_err(|fault| format!("{fault:?}"))?);
        Ok(())
    })
}

fn figures_of<'a>(suite: SuiteId) -> Result<Vec<Measured<'a>>, Failure> {
    let provider = suite.suite();
    let seal_key = opening_key(suite)?.public_key();
    let key = black_box([7; 32]);
    let (_, mut chain) = SealChain::setup(suite, &seal_key, CONTEXT, CHAIN)?;
    let named = |name, take| Measured { suite, name, take, figures: Vec::new() };
    Ok(vec![
        named(
            "aead_one_byte",
            Box::new(move || {
                timed(300, || {
                    black_box(provider.seal(black_box(&key), &[1], black_box(&mut [3]))?);
                    Ok(())
                })
            }),
        ),
        named(
            "expand",
            Box::new(move || {
                timed(300, || {
                    let mut out = [0; 32];
                    provider.expand(black_box(&key), b"key", &mut out)?;
                    black_box(out);
                    Ok(())
                })
            }),
        ),
        named("clean_room_switch", Box::new(|| timed(300, || Ok(room::run(|| black_box(()))?)))),
        named(
            "press_to_sealed",
            Box::new(move || {
                timed(300, || {
                    black_box(chain.step(&[1], black_box(3))?);
                    Ok(())
                })
            }),
        ),
        named("keypad_press", Box::new(move || keypad_press(suite, seal_key))),
        named("bare_setup", Box::new(move || timed(2, || bare_setup(suite, &seal_key)))),
        named("whole_entry", Box::new(move || timed(2, || whole_entry(suite, &seal_key)))),
    ])
}

fn main() -> Result<(), Failure> {
    let mut measured = Vec::new();
    // Those that a library has by default.
    for suite in [SuiteId::International, SuiteId::Guomi] {
        measured.extend(figures_of(suite)?);
    }
    for _ in 0..ROUNDS {
        for one in &mut measured {
            let figure = (one.take)()?;
            one.figures.push(figure);
        }
    }
    for one in &mut measured {
        one.figures.sort_by(f64::total_cmp);
        let suite = if one.suite == SuiteId::Guomi { "guomi" } else { "international" };
        let (least, median) = (one.figures[0], one.figures[one.figures.len() / 2]);
        println!(r#"{{"suite":"{suite}","name":"{}","ns":{least:.1},"median_ns":{median:.1}}}"#, one.name);
    }
    Ok(())
}
