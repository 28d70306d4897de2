import Foundation
import MsgPayDesktop
import XCTest

@testable import MsgPay

/// What the Secure Enclave's keystore and prompt decide, over hardware that is none.
final class EnclaveTests: XCTestCase {
  func testAPaymentByAFingerThroughTheEnclavesOwnClasses() async throws {
    let (house, keys) = try await enrolled()
    let order = try await house.stage.order(fen: 500)
    let (payment, step) = try await house.confirming(order)
    let goesOn = try await step.confirm(with: EnclaveSigner(keys, words: Words(.english)))
    XCTAssertTrue(goesOn)
    XCTAssertEqual(keys.prompts, 2, "one to enrol, one to pay")
    let outcome = try await payment.outcome(by: house.person())
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  func testAnotherFingerIsKnownBeforeAPromptIsShown() async throws {
    for quietly in [false, true] {
      let (house, keys) = try await enrolled()
      let (payment, step) = try await house.confirming(try await house.stage.order(fen: 500))
      try keys.enrolAnotherFinger(quietly: quietly)
      let answer = try await EnclaveSigner(keys).sign(step.confirmation)
      XCTAssertEqual(answer, .keyLost)
      XCTAssertEqual(keys.prompts, 1, "only the one that enrolled")
      try await payment.cancel()
    }
  }

  func testHardwareThatTellsNoEnrolmentRefusesTheKeyItself() async throws {
    let (house, keys) = try await enrolled()
    let (payment, step) = try await house.confirming(try await house.stage.order(fen: 500))
    try keys.enrolAnotherFinger()
    keys.setBiometry(.ready(enrolment: nil))
    let answer = try await EnclaveSigner(keys).sign(step.confirmation)
    XCTAssertEqual(answer, .keyLost)
    try await payment.cancel()
  }

  func testEachRefusalHasItsAnswer() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let keys = try DesktopKeys(folder: folder)
    _ = try keys.makeKey(keyTag("k"), under: .biometric)
    let signer = EnclaveSigner(keys)
    let expected: [(KeyRefusal, ifTyped: BiometricAnswer, else: BiometricAnswer)] = [
      (.gone, .keyLost, .keyLost), (.turnedBack, .cancelled, .cancelled),
      (.wantsPassword, .byPassword, .cancelled), (.notRecognised, .byPassword, .cancelled),
      (.locked, .byPassword, .cancelled), (.unavailable, .byPassword, .cancelled),
    ]
    for (refusal, typed, otherwise) in expected {
      keys.setAnswer(refusal)
      for (orPassword, answer) in [(true, typed), (false, otherwise)] {
        let came = try await signer.sign(Confirmation(keyName: "k", message: Data([1]), orPassword: orPassword))
        XCTAssertEqual(came, answer, "\(refusal)")
        XCTAssertEqual(keys.offersPassword, orPassword, "a button that would turn back is not offered")
      }
    }
    keys.setAnswer(.failed)
    await assertThrows(.host(.keystore)) {
      try await signer.sign(Confirmation(keyName: "k", message: Data([1]), orPassword: true))
    }
  }

  func testWithoutAReaderNothingIsAsked() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let keys = try DesktopKeys(folder: folder)
    _ = try keys.makeKey(keyTag("k"), under: .biometric)
    let expected: [(Biometry, BiometricAnswer)] = [
      (.notEnrolled, .keyLost), (.locked, .byPassword), (.unavailable, .byPassword),
    ]
    for (biometry, answer) in expected {
      keys.setBiometry(biometry)
      let came = try await EnclaveSigner(keys).sign(Confirmation(keyName: "k", message: Data(), orPassword: true))
      XCTAssertEqual(came, answer)
    }
    XCTAssertEqual(keys.prompts, 0)
  }

  func testACancelledTaskTakesThePromptAway() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let keys = try DesktopKeys(folder: folder)
    _ = try keys.makeKey(keyTag("k"), under: .biometric)
    let shown = Handover<Void>()
    keys.holdPrompts { Task { await shown.give(()) } }
    let prompt = Task {
      try await EnclaveSigner(keys).sign(Confirmation(keyName: "k", message: Data([1]), orPassword: true))
    }
    await shown.take()
    prompt.cancel()
    let answer = try await prompt.value
    XCTAssertEqual(answer, .cancelled)
  }

  func testHardwareThatTakesItsTimeHoldsNoThreadOfTheTasks() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    // More than there are threads for tasks, and each waits for all others.
    let count = ProcessInfo.processInfo.activeProcessorCount + 2
    let keys = MeetingKeys(keys: try DesktopKeys(folder: folder), met: DispatchSemaphore(value: 0), count: count)
    let answers = try await withThrowingTaskGroup(of: BiometricAnswer.self) { group in
      for _ in 0..<count {
        group.addTask {
          try await EnclaveSigner(keys).sign(Confirmation(keyName: "k", message: Data(), orPassword: true))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    XCTAssertEqual(answers, Array(repeating: .keyLost, count: count), "all met")
  }

  func testTheSystemsNumbersAreTypedRefusals() {
    let codes = [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -1004, -99].map(KeyRefusal.init(localAuthentication:))
    XCTAssertEqual(
      codes,
      [
        .notRecognised, .turnedBack, .wantsPassword, .turnedBack, .gone, .unavailable, .gone, .locked, .turnedBack,
        .turnedBack, .turnedBack, .failed,
      ])
    let statuses = [-25300, -128, -25293, -25308, -1].map(KeyRefusal.init(keychain:))
    XCTAssertEqual(statuses, [.gone, .turnedBack, .notRecognised, .unavailable, .failed])
    let tokens = [-3, -6, -4, -5, -9, -2].map(KeyRefusal.init(token:))
    XCTAssertEqual(tokens, [.gone, .gone, .turnedBack, .notRecognised, .unavailable, .failed])
    XCTAssertEqual(Biometry(error: nil, enrolment: Data([7])), .ready(enrolment: Data([7])))
    XCTAssertEqual(Biometry(error: -7, enrolment: nil), .notEnrolled)
    XCTAssertEqual(Biometry(error: -8, enrolment: nil), .locked)
    XCTAssertEqual(Biometry(error: -6, enrolment: nil), .unavailable)
  }

  func testTheEnclaveHasOneSuite() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let keystore = EnclaveKeystore(try DesktopKeys(folder: folder))
    XCTAssertThrowsError(try keystore.makeKey(name: "k", suite: .guomi, guard: .device)) { error in
      XCTAssertEqual(error as? HostFailure, .Failed)
    }
    XCTAssertThrowsError(try keystore.sign(name: "none", message: Data())) { error in
      XCTAssertEqual(error as? HostFailure, .Failed)
    }
  }

  /// A house whose handset has the enclave's keystore, with a biometric key.
  private func enrolled() async throws -> (House, DesktopKeys) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
    let keys = try DesktopKeys(folder: folder.appendingPathComponent("keys"))
    let vault = try FileVault(folder: folder.appendingPathComponent("vault"))
    let house = try await House.ready(on: Phone(keystore: EnclaveKeystore(keys), vault: vault))
    let signer = EnclaveSigner(keys)
    let enrolment = try await house.msgpay.enrolBiometric(at: house.stage.institution)
    try await enrolment.step(\.review).accept()
    let sealed = try await house.person().type(try await enrolment.step(\.entry))
    let entry = try await enrolment.step(\.entry)
    try entry.entered(try XCTUnwrap(sealed))
    let goesOn = try await enrolment.step(\.confirmation).confirm(with: signer)
    XCTAssertTrue(goesOn)
    guard case .enrolled = try await enrolment.step(\.outcome) else { throw Unready(what: "not enrolled") }
    return (house, keys)
  }
}

/// Hardware that says something of its reader once so many have asked.
private struct MeetingKeys: SecureKeys {
  let keys: DesktopKeys
  let met: DispatchSemaphore
  let count: Int
  let asked = Locked(0)

  func biometry() -> Biometry {
    let isLast = asked.use { asked in
      asked += 1
      return asked == count
    }
    if isLast { for _ in 1..<count { met.signal() } }
    return isLast || met.wait(timeout: .now() + 10) == .success ? .notEnrolled : .unavailable
  }

  func makeKey(_ tag: Data, under guard: KeyGuard) throws(KeyRefusal) -> Data {
    try keys.makeKey(tag, under: `guard`)
  }
  func sign(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data { try keys.sign(message, by: tag) }
  func forgetKey(_ tag: Data) throws(KeyRefusal) { try keys.forgetKey(tag) }
  func enrolment(of tag: Data) -> Data? { keys.enrolment(of: tag) }
  func prompt(_ words: Words, orPassword: Bool) -> any BiometricPrompt { keys.prompt(words, orPassword: orPassword) }
}

extension House {
  fileprivate func confirming(_ order: Stage.Order) async throws -> (Payment, BiometricStep) {
    let payment = try await msgpay.launch(order.link)
    try await payment.step(\.review).accept()
    return (payment, try await payment.step(\.confirmation))
  }
}
