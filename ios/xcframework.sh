#!/usr/bin/env bash
# xcframework.sh SIMULATOR.a
#
# Adds the simulator's library to the package's XCFramework, which holds the device's. To be run in the package that
# `cargo xtask ios` leaves, on a Mac with Xcode. SIMULATOR.a is built there, from the project's root:
#   rustup target add aarch64-apple-ios-sim
#   cargo rustc --locked --release --package msgpay-bindings --lib --crate-type staticlib --no-default-features \
#     --target aarch64-apple-ios-sim
# It has been written without a Mac and has not been run.
set -euo pipefail

[ $# -eq 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ "$(uname)" = Darwin ] || { echo "xcframework.sh: needs a Mac" >&2; exit 1; }
simulator=$1
here=$(cd "$(dirname "$0")" && pwd -P)
framework=$here/Generated/msgpayFFI.xcframework
device=$framework/ios-arm64
[ -r "$device/libmsgpay.a" ] || { echo "xcframework.sh: no library in $device" >&2; exit 1; }

new=$here/Generated/new.xcframework
rm -rf "$new"
xcodebuild -create-xcframework \
  -library "$device/libmsgpay.a" -headers "$device/Headers" \
  -library "$simulator" -headers "$device/Headers" \
  -output "$new"
rm -rf "$framework"
mv "$new" "$framework"
