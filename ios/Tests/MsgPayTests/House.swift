import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

/// A platform and a handset of one test: both end with it.
final class House: Sendable {
  static let password = [4, 9, 2, 7, 1, 8]

  let stage: Stage
  private let folder: URL
  private let live: Locked<(handset: DesktopPhone, msgpay: MsgPay)>

  var handset: DesktopPhone { live.use { $0.handset } }
  var msgpay: MsgPay { live.use { $0.msgpay } }

  /// - Parameter phone: Another than the desktop's own.
  init(on phone: Phone? = nil) async throws {
    stage = try await Stage.start(try Self.demo())
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let handset = try DesktopPhone(folder: folder)
    live = Locked((handset, try await MsgPay.open(stage.config, phone: phone ?? handset.phone)))
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// The program that the tests talk to; without it they have nothing to tell.
  static func demo() throws -> URL {
    guard let path = ProcessInfo.processInfo.environment["MSGPAY_DEMO"] else {
      throw Unready(what: "MSGPAY_DEMO names no msgpay-demo program")
    }
    return URL(fileURLWithPath: path)
  }

  /// With a wallet that is activated and has a password.
  static func ready(on phone: Phone? = nil) async throws -> House {
    let house = try await House(on: phone)
    try await house.activate()
    let set = try await house.msgpay.setPassword(at: house.stage.institution, on: house.person())
    guard case .set = set else { throw Unready(what: "\(set)") }
    return house
  }

  func activate() async throws {
    let code = try await stage.activationCode()
    let activated = try await msgpay.activate(stage.institution, code: code).run()
    guard case .activated = activated else { throw Unready(what: "\(activated)") }
  }

  /// Another SDK of the same handset, over a gate.
  func gated() async throws -> (msgpay: MsgPay, transport: GatedTransport) {
    let transport = try GatedTransport(stage.config)
    return (try await MsgPay.open(stage.config, phone: handset.phone) { _ in transport }, transport)
  }

  /// Enrols a biometric key, by the password.
  func enrol() async throws {
    let enrolment = try await msgpay.enrolBiometric(at: stage.institution)
    for try await step in enrolment.steps {
      switch step {
      case .review(let review):
        try review.accept()
      case .enterPassword(let entry):
        let sealed = try await person().type(entry)
        try entry.entered(try XCTUnwrap(sealed))
      case .confirmBiometric(let step):
        guard case .signed(let signature) = handset.layFingerOn(step.confirmation) else {
          throw Unready(what: "no key")
        }
        try step.confirmed(by: signature)
      case .concluded(let outcome):
        guard case .enrolled = outcome else { throw Unready(what: "\(outcome)") }
      case .working, .unresolved:
        throw Unready(what: "\(step)")
      }
    }
  }

  func person(_ digits: [Int] = House.password) -> StagePerson {
    StagePerson(stage: stage, digits: digits, phone: handset)
  }

  /// The process died: a new one opens the same handset.
  func restart() async throws {
    let handset = try DesktopPhone(folder: folder)
    let msgpay = try await MsgPay.open(stage.config, phone: handset.phone)
    live.use { $0 = (handset, msgpay) }
  }
}

struct Unready: Error {
  let what: String
}

/// The thrown error is exactly this one.
func assertThrows<Value>(
  _ expected: MsgPayError, file: StaticString = #filePath, line: UInt = #line, _ body: () async throws -> Value
) async {
  do {
    let value = try await body()
    XCTFail("nothing thrown, but \(value)", file: file, line: line)
  } catch {
    XCTAssertEqual(error as? MsgPayError, expected, "\(error)", file: file, line: line)
  }
}

extension Session {
  /// The step that is expected, or a failed test.
  func step<Wanted>(_ which: @Sendable (Step<Shown, Ending>) -> Wanted?) async throws -> Wanted {
    var steps = steps.makeAsyncIterator()
    let step = try await steps.next()
    return try XCTUnwrap(step.flatMap(which), "\(String(describing: step))")
  }
}

extension Payment {
  /// Types the password where it is asked for too, up to the end.
  func outcome(by person: StagePerson) async throws -> Outcome {
    for try await step in steps {
      switch step {
      case .enterPassword(let entry):
        let sealed = try await person.type(entry)
        try entry.entered(try XCTUnwrap(sealed))
      case .concluded(let outcome): return outcome
      case .review, .confirmBiometric, .working, .unresolved: throw Unready(what: "\(step)")
      }
    }
    throw Unready(what: "no end")
  }
}

extension Step {
  var review: ReviewStep<Shown>? { if case .review(let step) = self { step } else { nil } }
  var entry: Entry? { if case .enterPassword(let entry) = self { entry } else { nil } }
  var confirmation: BiometricStep? { if case .confirmBiometric(let step) = self { step } else { nil } }
  var unresolved: QuestionStep? { if case .unresolved(let question) = self { question } else { nil } }
  var outcome: Ending? { if case .concluded(let ending) = self { ending } else { nil } }
}

extension Outcome {
  var receipt: Receipt? { if case .paid(let receipt) = self { receipt } else { nil } }
  var reason: Reason? { if case .notPaid(let reason) = self { reason } else { nil } }
}
