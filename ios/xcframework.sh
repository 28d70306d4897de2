#!/usr/bin/env bash
# xcframework.sh GENERATED DEVICE.a SIMULATOR.a
#
# Makes Generated/msgpayFFI.xcframework, which Package.swift takes on a Mac, of the static libraries for the device and
# for the simulator. Needs a Mac with Xcode. It has been written without one and has not been run.
set -euo pipefail

[ $# -eq 3 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ "$(uname)" = Darwin ] || { echo "xcframework.sh: needs a Mac" >&2; exit 1; }
generated=$1 device=$2 simulator=$3
here=$(cd "$(dirname "$0")" && pwd -P)
made=$here/Generated

mkdir -p "$made/MsgPayFFI" "$made/headers"
cp "$generated/MsgPayFFI.swift" "$made/MsgPayFFI/"
cp "$generated/msgpayFFI.h" "$made/headers/"
printf 'module msgpayFFI {\n  header "msgpayFFI.h"\n  export *\n}\n' >"$made/headers/module.modulemap"
rm -rf "$made/msgpayFFI.xcframework"
xcodebuild -create-xcframework \
  -library "$device" -headers "$made/headers" \
  -library "$simulator" -headers "$made/headers" \
  -output "$made/msgpayFFI.xcframework"
