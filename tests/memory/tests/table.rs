//! thin
#![expect(clippy::unwrap_used, reason = "a laboratory that cannot look has failed its test")]
use msgpay_crypto::SuiteId;
use msgpay_memory::derive::Institution;
use msgpay_memory::exam::{self, Edge, Effort};
use msgpay_memory::subject::Setting;
use msgpay_sdk_core::Kind;
use std::path::Path;

#[test]
fn thin() {
    for suite in SuiteId::ALL {
        let institution = Institution::make(suite);
        let setting = Setting { kind: Kind::Numeric, spoken: false, suite, hidden: false, seal_key: institution.public };
        let clock = std::time::Instant::now();
        let effort = Effort { every_act: true, oracle: true, ephemeral: true, registers: true };
        let findings = exam::run(Path::new(env!("CARGO_BIN_EXE_lab")), &institution, &setting, None, Edge::Confirmed, effort);
        eprintln!("{suite:?} {:?} {:#?}", clock.elapsed(), findings);
    }
}
