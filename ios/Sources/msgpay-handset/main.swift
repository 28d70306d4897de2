import Foundation
import MsgPay
import MsgPayDesktop

// A handset as a process of its own, for tests that kill it. It speaks to the stage through whoever started it:
// its output asks, its input answers.
//
//   msgpay-handset FOLDER activate            once: wallet and password
//   msgpay-handset FOLDER pay LINK request    pays; holds the submission before it leaves, says so, and waits
//   msgpay-handset FOLDER pay LINK answer     the same, once the submission has arrived
//   msgpay-handset FOLDER restore ORDER       asks about the order that a process before it was at
//
// Its last line tells what came of it.
let (folder, task, rest) = (CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments.dropFirst(3))
let stage = try await Stage.ofParent()
let handset = try DesktopPhone(folder: URL(fileURLWithPath: folder))
let person = StagePerson(stage: stage, digits: [4, 9, 2, 7, 1, 8])
let transport = try GatedTransport(stage.config)
let msgpay = try await MsgPay.open(stage.config, phone: handset.phone) { _ in transport }

func tell(_ what: String) {
  FileHandle.standardOutput.write(Data("{\"told\":\"\(what)\"}\n".utf8))
}

switch task {
case "activate":
  let code = try await stage.activationCode()
  guard case .activated = try await msgpay.activate(stage.institution, code: code).run(),
    case .set = try await msgpay.setPassword(at: stage.institution, on: person)
  else { exit(1) }
  tell("ready")
case "pay":
  let payment = try await msgpay.launch(rest[3])
  for try await step in payment.steps {
    switch step {
    case .review(let step): try step.accept()
    case .enterPassword(let entry):
      guard let sealed = try await person.type(entry) else { exit(1) }
      transport.shut(rest[4] == "request" ? .request : .answer)
      Task {
        await transport.reached()
        tell("under way")
      }
      try entry.entered(sealed)
    case .confirmBiometric, .working, .unresolved, .concluded: exit(1)
    }
  }
case "restore":
  guard let payment = try await msgpay.restore(rest[3]) else {
    tell("nothing open")
    break
  }
  switch try await msgpay.run(payment, on: person) {
  case .paid: tell("paid")
  case .notPaid(let reason): tell("\(reason.why)")
  case .cancelled, .unresolved: tell("not known")
  }
default: exit(2)
}
