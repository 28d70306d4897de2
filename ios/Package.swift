// swift-tools-version: 6.0
import Foundation
import PackageDescription

// MSGPAY_LIBRARY: the folder with libmsgpay.so or libmsgpay.a, needed on Linux only. SwiftPM does not see that a
// library has changed; `swift.sh` names the folder by its content.
// MSGPAY_HOST_TRANSPORT: set when the library was built without its own transport.
let environment = ProcessInfo.processInfo.environment

#if os(Linux)
  let core = Target.systemLibrary(name: "msgpayFFI", path: "Generated/msgpayFFI")
  let coreLink: [LinkerSetting] =
    (environment["MSGPAY_LIBRARY"].map { [.unsafeFlags(["-L", $0])] } ?? []) + [.linkedLibrary("msgpay")]
#else
  let core = Target.binaryTarget(name: "msgpayFFI", path: "Generated/msgpayFFI.xcframework")
  let coreLink: [LinkerSetting] = []
#endif

let transport: [SwiftSetting] =
  environment["MSGPAY_HOST_TRANSPORT"] == nil ? [] : [.define("MSGPAY_HOST_TRANSPORT")]

let package = Package(
  name: "MsgPay",
  defaultLocalization: "zh-Hans",
  platforms: [.iOS(.v15), .macOS(.v12)],
  products: [
    .library(name: "MsgPay", targets: ["MsgPay"]),
    .library(name: "MsgPayUI", targets: ["MsgPayUI"]),
    .library(name: "MsgPayDesktop", targets: ["MsgPayDesktop"]),
  ],
  targets: [
    core,
    // Generated. The Swift 5 mode is for it alone: the generator does not promise Swift 6 code.
    .target(
      name: "MsgPayFFI",
      dependencies: ["msgpayFFI"],
      path: "Generated/MsgPayFFI",
      swiftSettings: [.swiftLanguageMode(.v5)],
      linkerSettings: coreLink),
    .target(name: "MsgPay", dependencies: ["MsgPayFFI"], swiftSettings: transport),
    .target(name: "MsgPayUI", dependencies: ["MsgPay"], resources: [.copy("PrivacyInfo.xcprivacy")]),
    .target(name: "MsgPayDesktop", dependencies: ["MsgPay"]),
    .executableTarget(name: "msgpay-quickstart", dependencies: ["MsgPay", "MsgPayDesktop"]),
    .executableTarget(name: "msgpay-handset", dependencies: ["MsgPay", "MsgPayDesktop"]),
    .testTarget(name: "MsgPayTests", dependencies: ["MsgPay", "MsgPayDesktop", "MsgPayUI"]),
  ]
)
