#!/usr/bin/env bash
# swift.sh GENERATED LIBRARY -- swift ARG...
#
# Puts the generated sources (folder GENERATED: MsgPayFFI.swift, msgpayFFI.h) and the native library (file LIBRARY,
# .so or .a) where Package.swift looks for them, then runs the command there. On another system than one with a Swift
# toolchain of its own, MSGPAY_SWIFT_ROOT names a root made by swift-root.sh, and the command runs inside it. MSGPAY_DEMO
# names the msgpay-demo program that the tests talk to.
set -euo pipefail

die() { echo "swift.sh: $*" >&2; exit 1; }

# Copies only what differs, so that nothing is built anew without need.
take() { # FROM TO
  mkdir -p "$(dirname "$2")"
  cmp -s "$1" "$2" || cp "$1" "$2"
}

here=$(cd "$(dirname "$0")" && pwd -P)
[ $# -ge 4 ] && [ "$3" = -- ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
generated=$1 library=$(readlink -f "$2")
shift 3
[ -r "$library" ] || die "no library at $library"
[ -r "$generated/MsgPayFFI.swift" ] || die "no generated sources in $generated"

take "$generated/MsgPayFFI.swift" "$here/Generated/MsgPayFFI/MsgPayFFI.swift"
take "$generated/msgpayFFI.h" "$here/Generated/msgpayFFI/msgpayFFI.h"
# Our own module map: the generated one is for Darwin.
printf 'module msgpayFFI {\n  header "msgpayFFI.h"\n  export *\n}\n' >"$here/Generated/modulemap.new"
take "$here/Generated/modulemap.new" "$here/Generated/msgpayFFI/module.modulemap"
rm "$here/Generated/modulemap.new"

case $library in
  *.so | *.a) name=libmsgpay.${library##*.} ;;
  *) die "LIBRARY is a .so or a .a" ;;
esac
folder=$here/Generated/lib/$(sha256sum "$library" | cut -c 1-16)
if [ ! -e "$folder/$name" ]; then
  rm -rf "$here/Generated/lib"
  mkdir -p "$folder"
  cp "$library" "$folder/$name.new"
  mv "$folder/$name.new" "$folder/$name"
fi

settings=("MSGPAY_LIBRARY=$folder" "LD_LIBRARY_PATH=$folder")
[ -z "${MSGPAY_HOST_TRANSPORT:-}" ] || settings+=(MSGPAY_HOST_TRANSPORT=1)
if [ -n "${MSGPAY_DEMO:-}" ]; then
  demo=$(readlink -f "$MSGPAY_DEMO")
  [ -x "$demo" ] || die "no program at $MSGPAY_DEMO"
  settings+=("MSGPAY_DEMO=$demo")
fi
if [ -z "${MSGPAY_SCENARIOS:-}" ] && [ -r "$here/../tests/scenarios/sdk.json" ]; then
  MSGPAY_SCENARIOS=$here/../tests/scenarios/sdk.json
fi
[ -z "${MSGPAY_SCENARIOS:-}" ] || settings+=("MSGPAY_SCENARIOS=$(readlink -f "$MSGPAY_SCENARIOS")")

if [ -z "${MSGPAY_SWIFT_ROOT:-}" ]; then
  cd "$here"
  exec env "${settings[@]}" "$@"
fi
# The same paths inside as outside, so that messages can be followed.
inside=(--bind "$here:$here" --wd "$here")
[ -z "${demo:-}" ] || inside+=(--bind "$(dirname "$demo"):$(dirname "$demo")")
if [ -n "${MSGPAY_SCENARIOS:-}" ]; then
  scenarios=$(dirname "$(readlink -f "$MSGPAY_SCENARIOS")")
  inside+=(--bind "$scenarios:$scenarios")
fi
for setting in "${settings[@]}"; do inside+=(--env "$setting"); done
exec "$here/swift-root.sh" "$MSGPAY_SWIFT_ROOT" "${inside[@]}" -- "$@"
