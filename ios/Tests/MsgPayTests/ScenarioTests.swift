import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

/// The scenarios of all languages, through this one's public classes, against a real platform.
final class ScenarioTests: XCTestCase {
  func testEveryScenario() async throws {
    let scenarios = try Scenarios.read(try file())
    XCTAssertFalse(scenarios.isEmpty)
    for scenario in scenarios {
      let play = Play(scenario, try await House())
      do {
        let wrong = try await play.run()
        XCTAssertEqual(wrong, [], scenario.name)
      } catch {
        XCTFail("\(scenario.name): \(error)")
      }
    }
    print("\(scenarios.count) scenarios")
  }

  /// The player sees what does not go as written: each thing that it judges, changed alone.
  func testAScenarioThatIsWrittenWrongIsFound() async throws {
    let paid: [(inout Scenario) -> Void] = [
      { $0.books.debits = 0 }, { $0.books.open = 1 }, { $0.parts[0].ends.outcome = "not_paid" },
      { $0.parts[0].ends.error = "host.keystore" }, { $0.parts[0].answers.append($0.parts[0].answers[0]) },
      { $0.parts[0].answers[0].at = "enter_password" },
    ]
    let wrong: [(inout Scenario) -> Void] = [
      { $0.parts[0].ends.todo = "nothing" }, { $0.parts[0].ends.why = "locked" }, { $0.parts[0].ends.triesLeft = 5 },
    ]
    let keystore: [(inout Scenario) -> Void] = [{ $0.parts[0].ends.error = "host.vault" }]
    for (name, spoils) in [
      ("a payment is paid once", paid), ("a wrong password is counted, and the right one pays", wrong),
      ("a keystore that fails sends nothing", keystore),
    ] {
      let written = try XCTUnwrap(try Scenarios.read(try file()).first { $0.name == name }, name)
      for (at, spoil) in spoils.enumerated() {
        var scenario = written
        spoil(&scenario)
        let found = try await Play(scenario, try await House()).run()
        XCTAssertFalse(found.isEmpty, "\(name) \(at)")
      }
    }
  }

  func testAMemberThatIsNotKnownIsNotPassedOver() throws {
    let text = String(decoding: try Data(contentsOf: try file()), as: UTF8.self)
    let first = try XCTUnwrap(text.range(of: "\"session\": "))
    let more = text.replacingCharacters(in: first, with: "\"unheard_of\": 1, \"session\": ")
    XCTAssertThrowsError(try Scenarios.read(Data(more.utf8)))
    XCTAssertNoThrow(try Scenarios.read(Data(text.utf8)))
  }

  private func file() throws -> URL {
    guard let path = ProcessInfo.processInfo.environment["MSGPAY_SCENARIOS"] else {
      throw Unready(what: "MSGPAY_SCENARIOS names no file of scenarios")
    }
    return URL(fileURLWithPath: path)
  }
}

/// One scenario as it is played.
private final class Play {
  private let scenario: Scenario
  private let house: House
  private var order: Stage.Order?
  private var wrong: [String] = []

  init(_ scenario: Scenario, _ house: House) {
    self.scenario = scenario
    self.house = house
  }

  /// What went otherwise than the scenario says.
  func run() async throws -> [String] {
    try await prepare()
    for part in scenario.parts {
      let ending = try await play(part)
      compare(ending, part)
    }
    try await closeBooks()
    return wrong
  }

  private func prepare() async throws {
    if scenario.given.contains(.activated) { try await house.activate() }
    if scenario.given.contains(.password) {
      let set = try await house.msgpay.setPassword(at: house.stage.institution, on: house.person())
      check("given", "set", fileName(set))
    }
    if scenario.given.contains(.biometric) {
      let enrolment = AnySession(try await house.msgpay.enrolBiometric(at: house.stage.institution))
      let ending = try await agree(enrolment)
      check("given", "enrolled", ending.outcome)
    }
    if let fen = scenario.fen { order = try await house.stage.order(fen: fen) }
  }

  /// Goes the straight way through a session.
  private func agree(_ session: AnySession) async throws -> AnyStep.Ending {
    while let step = try await session.next() {
      switch step {
      case .review(let accept): try accept()
      case .enterPassword(let entry): try await type(House.password, into: entry)
      case .confirmBiometric(let step): try sign(step)
      case .concluded(let ending): return ending
      case .working, .unresolved: break
      }
    }
    throw Unready(what: "no end")
  }

  private func play(_ part: Part) async throws -> Result<AnyStep.Ending, MsgPayError> {
    if part.restart == true { try await house.restart() }
    if let seconds = part.clockAheadS { house.handset.faults.clockAheadMs = seconds * 1_000 }
    try switchFaults(part)
    do {
      return .success(try await answer(part, try await begin(part)))
    } catch let error as MsgPayError {
      return .failure(error)
    }
  }

  private func switchFaults(_ part: Part) throws {
    switch part.fault {
    case .keystore: house.handset.faults.keystore = .fails
    case .vault: house.handset.faults.vault = .fails
    case .enrolmentChanged: try house.handset.enrolAnotherFinger()
    case nil: break
    }
    switch part.faultOff {
    case .keystore: house.handset.faults.keystore = nil
    case .vault: house.handset.faults.vault = nil
    case .enrolmentChanged, nil: break
    }
  }

  private func begin(_ part: Part) async throws -> AnySession {
    let (msgpay, institution) = (house.msgpay, house.stage.institution)
    switch part.session {
    case .pay:
      return AnySession(try await msgpay.launch(part.link ?? order?.link ?? ""))
    case .resolve:
      return AnySession(try await msgpay.resolve(order?.payOrderNo ?? "", at: institution))
    case .password:
      return AnySession(try await msgpay.setPassword(at: institution))
    case .enrol:
      return AnySession(try await msgpay.enrolBiometric(at: institution))
    case .activate:
      let code: String
      if let given = part.code { code = given } else { code = try await house.stage.activationCode() }
      return AnySession(try await msgpay.activate(institution, code: code))
    }
  }

  private func answer(_ part: Part, _ session: AnySession) async throws -> AnyStep.Ending {
    var answers = part.answers[...]
    var step = try await session.next()
    while let now = step {
      if case .concluded(let ending) = now {
        if !answers.isEmpty { wrong.append("\(answers.count) answers were not asked for") }
        return ending
      }
      if case .working = now {
        step = try await session.next()
        continue
      }
      guard let next = answers.popFirst() else { throw Unready(what: "no answer for \(now.name)") }
      check("step", next.at, now.name)
      if let half = next.cut { try await house.stage.cut(half == .answer ? .answer : .request) }
      switch try await act(next, on: now) {
      case .goOn: step = try await session.next()
      // The same entry opens again.
      case .sameAgain: break
      case .turnBack: return try await session.cancel()
      case .die: return AnyStep.Ending(outcome: "died")
      }
    }
    throw Unready(what: "no end")
  }

  private enum Then {
    case goOn, sameAgain, turnBack, die
  }

  private func act(_ answer: StepAnswer, on step: AnyStep) async throws -> Then {
    switch (answer.do, step) {
    case (.accept, .review(let accept)):
      try accept()
    case (.type, .enterPassword(let entry)):
      try await type(answer.typed, into: entry)
    case (.eraseAndType, .enterPassword(let entry)):
      let keypad = try entry.open(.desktop, facePx: 96)
      try await house.person([answer.typed[0]]).press(on: keypad)
      check("left", "0", "\(try keypad.erase())")
      try await house.person(answer.typed).press(on: keypad)
      try entry.entered(try keypad.confirm())
    case (.cancelTyping, .enterPassword(let entry)):
      try await half(answer, of: entry).cancel()
      return .turnBack
    case (.wipe, .enterPassword(let entry)):
      let keypad = try await half(answer, of: entry)
      try keypad.cancel()
      checkWiped(keypad)
      return .sameAgain
    case (.capture, .enterPassword(let entry)):
      let keypad = try await half(answer, of: entry)
      try keypad.captureDetected()
      checkWiped(keypad)
      return .sameAgain
    case (.ask, .unresolved(let question)):
      try question.ask()
    case (.sign, .confirmBiometric(let step)):
      try sign(step)
    case (.byPassword, .confirmBiometric(let step)):
      try step.byPassword()
    case (.keyLost, .confirmBiometric(let step)):
      try step.keyLost()
    case (.cancel, _), (.leave, _):
      return .turnBack
    case (.die, _):
      return .die
    default:
      throw Unready(what: "\(answer.do) at \(step.name)")
    }
    return .goOn
  }

  private func type(_ digits: [Int], into entry: Entry) async throws {
    guard let sealed = try await house.person(digits).type(entry) else { throw Unready(what: "typing") }
    try entry.entered(sealed)
  }

  private func half(_ answer: StepAnswer, of entry: Entry) async throws -> Keypad {
    let keypad = try entry.open(.desktop, facePx: 96)
    try await house.person(Array(answer.typed.prefix(3))).press(on: keypad)
    return keypad
  }

  /// Held until here, so that nothing but the call before has wiped it.
  private func checkWiped(_ keypad: Keypad) {
    do throws(MsgPayError) {
      wrong.append("a wiped keypad takes a press: \(try keypad.press(slot: 0))")
    } catch { check("wiped", "keypad.closed", name(error)) }
  }

  private func sign(_ step: BiometricStep) throws {
    guard case .signed(let signature) = house.handset.layFingerOn(step.confirmation) else {
      return try step.keyLost()
    }
    try step.confirmed(by: signature)
  }

  private func compare(_ ending: Result<AnyStep.Ending, MsgPayError>, _ part: Part) {
    switch ending {
    case .success(let ending):
      check("outcome", part.ends.outcome, ending.outcome)
      check("error", part.ends.error, nil)
      if let todo = part.ends.todo { check("todo", todo, ending.reason.map { fileName($0.todo) }) }
      if let why = part.ends.why { check("why", why, ending.reason.map { fileName($0.why) }) }
      if let left = part.ends.triesLeft { check("tries left", "\(left)", ending.reason?.triesLeft.map { "\($0)" }) }
    case .failure(let error):
      check("error", part.ends.error, name(error))
      check("outcome", part.ends.outcome, nil)
    }
  }

  private func name(_ error: MsgPayError) -> String {
    switch error {
    case .config(let fault): "config.\(fileName(fault))"
    case .call(let fault): "call.\(fileName(fault))"
    case .host(let fault): "host.\(fileName(fault))"
    case .keypad(let fault, _): "keypad.\(fileName(fault))"
    }
  }

  private func closeBooks() async throws {
    if let order {
      let debits = try await house.stage.debits(of: order.payOrderNo)
      check("debits", "\(scenario.books.debits ?? 0)", "\(debits)")
    }
    let open = try await house.msgpay.unresolved().count
    check("open", "\(scenario.books.open)", "\(open)")
    let findings = try await house.stage.findings()
    check("findings", "[]", "\(findings)")
  }

  private func check(_ what: String, _ expected: String?, _ found: String?) {
    if expected != found { wrong.append("\(what): \(found ?? "-"), not \(expected ?? "-")") }
  }
}
