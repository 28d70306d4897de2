import Foundation
import MsgPay
import MsgPayDesktop

// A whole payment on this machine: msgpay-quickstart PATH-TO-msgpay-demo
let stage = try await Stage.start(URL(fileURLWithPath: CommandLine.arguments[1]))
let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
defer { try? FileManager.default.removeItem(at: folder) }
let handset = try DesktopPhone(folder: folder)
let person = StagePerson(stage: stage, digits: [4, 9, 2, 7, 1, 8])

let msgpay = try await MsgPay.open(stage.config, phone: handset.phone)

// Once for a handset: the institution's activation code, then a password of the person's choice.
let code = try await stage.activationCode()
guard case .activated = try await msgpay.activate(stage.institution, code: code).run(),
  case .set = try await msgpay.setPassword(at: stage.institution, on: person)
else { exit(1) }

// For each card.
let order = try await stage.order(fen: 12_850)
switch try await msgpay.pay(order.link, on: person) {
case .paid(let receipt):
  print("paid: \(receipt.subjectNo), debited \(try await stage.debits(of: order.payOrderNo)) time")
case .notPaid(let reason): print("not paid: \(reason.why), now \(reason.todo)")
case .cancelled: print("turned back")
case .unresolved(_, let payOrderNo): print("not known yet; ask later about \(payOrderNo)")
}
