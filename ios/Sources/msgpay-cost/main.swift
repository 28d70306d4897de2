import Foundation
import MsgPay
import MsgPayDesktop
import MsgPayFFI

// What the line costs in Swift, for `cargo xtask bench ffi`: msgpay-cost PATH-TO-msgpay-demo. A press through the public
// API, a call that does next to nothing, loading, memory. Prints one JSON object a line: `name` and `ns`, the median of
// all samples, or `kb`.

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
defer { try? FileManager.default.removeItem(at: folder) }
let stage = try await Stage.start(URL(fileURLWithPath: CommandLine.arguments[1]))
let handset = try DesktopPhone(folder: folder)
// The library's own clock, as on a phone: the desktop's can be put ahead, and a press would wait for it.
let phone = Phone(keystore: handset.phone.keystore, vault: handset.phone.vault, clock: nil)

// The library is bound when the program starts; what is left is its first call, off the main actor.
let empty = try residentKb()
let opening = now()
let ticks = Ticks()
let msgpay = try await MsgPay.open(stage.config, phone: phone)
show("load_and_first_call", now() - opening)
show("main_thread_held", ticks.longest())
showKb("load_and_open", try residentKb() - empty)
let again = now()
_ = try await MsgPay.open(stage.config, phone: phone)
show("open_again", now() - again)

let code = try await stage.activationCode()
let person = StagePerson(stage: stage, digits: [4, 9, 2, 7, 1, 8])
guard case .activated = try await msgpay.activate(stage.institution, code: code).run(),
  case .set = try await msgpay.setPassword(at: stage.institution, on: person)
else { exit(1) }
try await Cost().measure(try await msgpay.launch(try await stage.order(fen: 100).link))
