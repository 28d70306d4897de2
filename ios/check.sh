#!/usr/bin/env bash
# check.sh
#
# Formatting of all Swift sources but the shapes; the syntax of those that no compiler builds here: what stands behind
# `canImport(UIKit)` and its like, and the sample; and the types of both modules as a phone has them, against the shapes
# of Apple's declarations in `Shapes`. A broken file has to fail each. The package has to be built before (`swift build`).
set -euo pipefail

cd "$(dirname "$0")"
made=.build/shapes
rm -rf "$made"
mkdir -p "$made"

die() { echo "check.sh: $*" >&2; exit 1; }
parse() { swiftc -frontend -parse "$@"; }
module() { # NAME FILE... : what it declares, for those that import it
  local name=$1
  shift
  swiftc -swift-version 6 -emit-module -parse-as-library -module-name "$name" -package-name msgpay \
    -D MSGPAY_HOST_TRANSPORT -I "$made" -I .build/debug/Modules \
    -Xcc -fmodule-map-file=Generated/msgpayFFI/module.modulemap -o "$made/$name.swiftmodule" "$@"
}
types() { # NAME FILE...
  local name=$1
  shift
  swiftc -swift-version 6 -typecheck -parse-as-library -module-name "$name" -package-name msgpay \
    -D MSGPAY_HOST_TRANSPORT -I "$made" -I .build/debug/Modules \
    -Xcc -fmodule-map-file=Generated/msgpayFFI/module.modulemap "$@"
}

lint() { swift format lint --strict --configuration .swift-format "$@"; }
printf 'func broken( ){ }\n' >"$made/form.swift"
! lint "$made/form.swift" 2>/dev/null || die "a file that is out of form is let pass"
lint --recursive Package.swift Sources Tests Sample

printf '#if canImport(UIKit)\n  func broken( {\n#endif\n' >"$made/syntax.swift"
! parse "$made/syntax.swift" 2>/dev/null || die "a file with a broken syntax is taken for a whole one"
mapfile -t hidden < <(grep -rlE '^#if canImport\((Security|UIKit|SwiftUI|WebKit|AVFAudio)\)' Sources; find Sample -name '*.swift')
[ "${#hidden[@]}" -ge 10 ] || die "finds only ${#hidden[@]} files"
for file in "${hidden[@]}"; do parse "$file"; done

for shape in Security LocalAuthentication CryptoKit UIKit SwiftUI WebKit AVFAudio; do module "$shape" "Shapes/$shape.swift"; done
mapfile -t core < <(find Sources/MsgPay -name '*.swift')
mapfile -t views < <(find Sources/MsgPayUI -name '*.swift')
printf 'func broken(_ keys: SystemKeys) -> Data { keys.biometry() }\n' >"$made/core.swift"
! types MsgPay "${core[@]}" "$made/core.swift" 2>/dev/null || die "a value of another type is let pass"
types MsgPay "${core[@]}"
module MsgPay "${core[@]}"
printf 'import UIKit\nfunc broken(_ view: UIView) { view.isHidden = true }\n' >"$made/views.swift"
! types MsgPayUI "${views[@]}" "$made/views.swift" 2>/dev/null || die "a view that is used off the main actor is let pass"
types MsgPayUI "${views[@]}"
echo "check.sh: ${#hidden[@]} files parsed, $((${#core[@]} + ${#views[@]})) type-checked as a phone has them;" \
  "broken ones were not let pass"
