// swift-tools-version: 6.0
import Foundation
import PackageDescription

// On Linux the package is built against a library of this machine, to test it. There
// MSGPAY_LIBRARY is the folder with libmsgpay.so or libmsgpay.a; SwiftPM does not see that a library has changed, so
// `swift.sh` names the folder by its content; and
// MSGPAY_HOST_TRANSPORT is set when that library was built without its own transport. A library for a phone always is.
#if os(Linux)
  let environment = ProcessInfo.processInfo.environment
  let core = Target.systemLibrary(name: "msgpayFFI", path: "Generated/msgpayFFI")
  let coreLink: [LinkerSetting] =
    (environment["MSGPAY_LIBRARY"].map { [.unsafeFlags(["-L", $0])] } ?? []) + [.linkedLibrary("msgpay")]
  let hasTransport = environment["MSGPAY_HOST_TRANSPORT"] == nil
  let forTests: [Target] = [
    .target(name: "MsgPayDesktop", dependencies: ["MsgPay"]),
    .executableTarget(name: "msgpay-quickstart", dependencies: ["MsgPay", "MsgPayDesktop"]),
    .executableTarget(name: "msgpay-handset", dependencies: ["MsgPay", "MsgPayDesktop"]),
    // Looked at from outside: dumped by tests/memory, timed by `cargo xtask bench ffi`.
    .executableTarget(name: "msgpay-subject", dependencies: ["MsgPay", "MsgPayDesktop"]),
    .executableTarget(name: "msgpay-cost", dependencies: ["MsgPay", "MsgPayDesktop", "MsgPayFFI"]),
    .testTarget(name: "MsgPayTests", dependencies: ["MsgPay", "MsgPayDesktop", "MsgPayUI"]),
  ]
  let forTestsOfApplications: [Product] = [.library(name: "MsgPayDesktop", targets: ["MsgPayDesktop"])]
#else
  let core = Target.binaryTarget(name: "msgpayFFI", path: "Generated/msgpayFFI.xcframework")
  let coreLink: [LinkerSetting] = []
  let hasTransport = false
  let forTests: [Target] = []
  let forTestsOfApplications: [Product] = []
#endif

let package = Package(
  name: "MsgPay",
  defaultLocalization: "zh-Hans",
  platforms: [.iOS(.v15)],
  products: [
    .library(name: "MsgPay", targets: ["MsgPay"]),
    .library(name: "MsgPayUI", targets: ["MsgPayUI"]),
  ] + forTestsOfApplications,
  targets: [
    core,
    // Generated. The Swift 5 mode is for it alone: the generator does not promise Swift 6 code.
    .target(
      name: "MsgPayFFI",
      dependencies: ["msgpayFFI"],
      path: "Generated/MsgPayFFI",
      swiftSettings: [.swiftLanguageMode(.v5)],
      linkerSettings: coreLink),
    .target(
      name: "MsgPay", dependencies: ["MsgPayFFI"], resources: [.copy("PrivacyInfo.xcprivacy")],
      swiftSettings: hasTransport ? [] : [.define("MSGPAY_HOST_TRANSPORT")]),
    .target(name: "MsgPayUI", dependencies: ["MsgPay"]),
  ] + forTests
)
