import Foundation
import MsgPay
import MsgPayDesktop

// The program that the memory laboratory examines: msgpay-subject PATH-TO-msgpay-demo [WORD]. An application as good as
// one can be, and with a WORD one that keeps what it must not.
//
// It takes orders of two bytes and answers each with two. A press comes in disguise: first a mask, then the key's number
// under it. The characters it never learns: the pictures go out, and the laboratory reads them.
//
// s a password is set   l an order is paid   o the keypad opens   g its pictures   m mask   p press   e erase
// x clear   c confirm   q the keypad is cancelled   k a capture begins   i three idle minutes   z the session is cancelled
// w one character in disguise, for the application that keeps it

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
defer { try? FileManager.default.removeItem(at: folder) }
let stage = try await Stage.start(URL(fileURLWithPath: CommandLine.arguments[1]))
let handset = try DesktopPhone(folder: folder)
let msgpay = try await MsgPay.open(stage.config, phone: handset.phone)
let code = try await stage.activationCode()
guard case .activated = try await msgpay.activate(stage.institution, code: code).run() else { exit(1) }

let word = CommandLine.arguments.dropFirst(2).first.flatMap(Keeper.Word.init(rawValue:))
let subject = Subject(stage: stage, msgpay: msgpay, handset: handset, keeper: Keeper(word))
send([UInt8(ascii: "."), 0])
var order: [UInt8] = [0, 0]
while read(STDIN_FILENO, &order, 2) == 2 {
  let answer = try await subject.obey(Character(UnicodeScalar(order[0])), order[1])
  order[0] = 0
  order[1] = 0
  send([UInt8(ascii: "."), answer])
}
