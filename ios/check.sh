#!/usr/bin/env bash
# check.sh
#
# Formatting of all Swift sources, and the syntax of those that no compiler sees here: what stands behind
# `canImport(UIKit)` and its like, and the sample. A broken file has to fail first.
set -euo pipefail

cd "$(dirname "$0")"
swift format lint --strict --recursive Package.swift Sources Tests Sample

broken=$(mktemp --suffix=.swift)
trap 'rm -f "$broken"' EXIT
printf '#if canImport(UIKit)\n  func broken( {\n#endif\n' >"$broken"
if swiftc -frontend -parse "$broken" 2>/dev/null; then
  echo "check.sh: a broken file is taken for a whole one" >&2
  exit 1
fi

mapfile -t hidden < <(grep -rlE '^#if canImport\((Security|UIKit|SwiftUI|WebKit)\)' Sources; find Sample -name '*.swift')
[ "${#hidden[@]}" -ge 10 ] || { echo "check.sh: finds only ${#hidden[@]} files" >&2; exit 1; }
for file in "${hidden[@]}"; do swiftc -frontend -parse "$file"; done
echo "check.sh: ${#hidden[@]} files parsed, a broken one was not"
