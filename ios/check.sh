#!/usr/bin/env bash
# check.sh
#
# Formatting of all Swift sources; the syntax of those that no compiler builds here: what stands behind
# `canImport(UIKit)` and its like, and the sample; and the types of the views, against the shapes of Apple's classes in
# `Shapes`. A broken file has to fail each. The package has to be built before (`swift build`).
set -euo pipefail

cd "$(dirname "$0")"
made=.build/shapes
mkdir -p "$made"

die() { echo "check.sh: $*" >&2; exit 1; }
parse() { swiftc -frontend -parse "$@"; }
shape() { # MODULE
  swiftc -swift-version 6 -emit-module -parse-as-library -module-name "$1" -I "$made" \
    -o "$made/$1.swiftmodule" "Shapes/$1.swift"
}
types() { # FILE...
  swiftc -swift-version 6 -typecheck -parse-as-library -module-name MsgPayUI -I "$made" -I .build/debug/Modules \
    -Xcc -fmodule-map-file=Generated/msgpayFFI/module.modulemap Shapes/Phone.swift "$@"
}

swift format lint --strict --recursive Package.swift Sources Tests Sample

printf '#if canImport(UIKit)\n  func broken( {\n#endif\n' >"$made/syntax.swift"
! parse "$made/syntax.swift" 2>/dev/null || die "a file with a broken syntax is taken for a whole one"
mapfile -t hidden < <(grep -rlE '^#if canImport\((Security|UIKit|SwiftUI|WebKit)\)' Sources; find Sample -name '*.swift')
[ "${#hidden[@]}" -ge 10 ] || die "finds only ${#hidden[@]} files"
for file in "${hidden[@]}"; do parse "$file"; done

for module in UIKit SwiftUI WebKit; do shape "$module"; done
mapfile -t views < <(find Sources/MsgPayUI -name '*.swift')
printf 'import UIKit\nfunc broken(_ view: UIView) { view.isHidden = true }\n' >"$made/types.swift"
! types "${views[@]}" "$made/types.swift" 2>/dev/null || die "a view that is used off the main actor is let pass"
types "${views[@]}"
echo "check.sh: ${#hidden[@]} files parsed, ${#views[@]} type-checked against shapes; broken ones were not let pass"
