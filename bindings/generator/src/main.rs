//! Makes the Kotlin and Swift sources of a built `libmsgpay`: `generate --library LIB --language kotlin --out-dir DIR`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
