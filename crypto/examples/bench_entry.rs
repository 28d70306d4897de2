//! What sealing an entry costs, beside what its parts cost, in one run: `cargo run --release --example
//! bench_entry`.
//!
//! One JSON object a line: `name`, `ns` (the least of all rounds) and `median_ns`, for one operation. The
//! rounds are interleaved, so that a busy machine slows all figures alike; compare figures of one run only.
//! Lines that begin with `#` are for people.
#![expect(clippy::print_stdout, reason = "printing figures is its job")]

use hpke::{Deserializable, Kem, OpModeS};
use msgpay_crypto::{Error, OpeningKey, SealChain, SecretPage, SuiteId, room};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 61;
const SUITE: SuiteId = SuiteId::International;
const CONTEXT: &[u8] = &[0x5C; 128];
const LABEL: &[u8] = b"bench chain";
const LAYOUT: &[u8; 12] = b"\x01\x0a7391548206";
const PRESSES: u8 = 64;

/// One operation, how often it runs in a round, and its figure of each round.
struct Measured<'a> {
    name: &'static str,
    times: u32,
    work: Box<dyn FnMut() -> Result<(), Error> + 'a>,
    figures: Vec<f64>,
}

impl<'a> Measured<'a> {
    fn new(name: &'static str, times: u32, work: impl FnMut() -> Result<(), Error> + 'a) -> Self {
        Measured { name, times, work: Box::new(work), figures: Vec::new() }
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    fn round(&mut self) -> Result<(), Error> {
        let start = Instant::now();
        for _ in 0..self.times {
            (self.work)()?;
        }
        self.figures.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(self.times));
        Ok(())
    }

    /// The least and the median.
    fn figure(&mut self) -> (f64, f64) {
        self.figures.sort_by(f64::total_cmp);
        (self.figures[0], self.figures[self.figures.len() / 2])
    }
}

/// A whole entry as the handset seals it.
fn whole_entry(public_key: &[u8]) -> Result<(), Error> {
    let (enc, mut chain) = SealChain::setup(SUITE, public_key, CONTEXT, LABEL)?;
    let layout = SecretPage::copy_of(LAYOUT)?;
    black_box(chain.seal_with(b"layout", b"layout", layout)?);
    for i in 1..=PRESSES {
        black_box(chain.step(&[i], black_box(i % 10))?);
    }
    black_box((enc, chain.close_with(b"close", CONTEXT)?));
    Ok(())
}

/// One message sealed by the library alone: no clean room, no secret page.
fn hpke_alone(public_key: &[u8]) -> Result<(), Error> {
    type Kdf = hpke::kdf::HkdfSha256;
    type P256 = hpke::kem::DhP256HkdfSha256;
    let key = <P256 as Kem>::PublicKey::from_bytes(public_key).map_err(|_| Error::BadKey)?;
    let sealed = hpke::single_shot_seal::<hpke::aead::AesGcm256, Kdf, P256>(
        &OpModeS::Base,
        &key,
        CONTEXT,
        LAYOUT,
        b"layout",
    );
    black_box(sealed.map_err(|_| Error::BadKey)?);
    Ok(())
}

fn main() -> Result<(), Error> {
    let suite = SUITE.suite();
    let key = OpeningKey::make(SUITE)?;
    let public_key = key.public_key();
    let prk = black_box([7; 32]);
    let (_, mut chain) = SealChain::setup(SUITE, &public_key, CONTEXT, LABEL)?;

    let mut measured = [
        Measured::new("aead_one_byte", 500, || {
            black_box(suite.seal(black_box(&prk), &[1], black_box(&mut [3]))?);
            Ok(())
        }),
        Measured::new("expand", 500, || {
            let mut out = [0; 32];
            suite.expand(black_box(&prk), b"key", &mut out)?;
            black_box(out);
            Ok(())
        }),
        Measured::new("clean_room_switch", 500, || room::run(|| black_box(()))),
        Measured::new("press_to_sealed", 500, || {
            black_box(chain.step(&[1], black_box(3))?);
            Ok(())
        }),
        Measured::new("hpke_seal_bare", 2, || hpke_alone(&public_key)),
        Measured::new("whole_entry", 2, || whole_entry(&public_key)),
    ];
    for _ in 0..ROUNDS {
        for one in &mut measured {
            one.round()?;
        }
    }
    let [aead, expand, room, press, seal, entry] = measured.each_mut().map(|one| {
        let (least, median) = one.figure();
        println!(r#"{{"name":"{}","ns":{least:.1},"median_ns":{median:.1}}}"#, one.name);
        least
    });
    println!("# press / (aead + 2 expand + room) = {:.2}", press / (aead + 2.0 * expand + room));
    println!("# whole entry / bare HPKE seal = {:.2}", entry / seal);
    Ok(())
}
