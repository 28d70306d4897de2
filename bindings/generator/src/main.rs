//! What is made of a built `libmsgpay`:
//!
//! ```text
//! generate --language kotlin --out-dir DIR LIB     the sources of a language (uniffi's own command)
//! api LIB                                          the list of all that it exports, as `bindings/API.md` has it
//! ```

mod api;
mod list;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == "api") {
        let (Some(library), None) = (words.next(), words.next()) else {
            eprintln!("usage: api LIB");
            return ExitCode::from(2);
        };
        return match api::of(library.as_ref()) {
            Ok(text) => {
                print!("{text}");
                ExitCode::SUCCESS
            }
            Err(why) => {
                eprintln!("{}: {why}", library.to_string_lossy());
                ExitCode::FAILURE
            }
        };
    }
    uniffi::uniffi_bindgen_main();
    ExitCode::SUCCESS
}
