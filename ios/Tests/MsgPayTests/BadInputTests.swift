import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

/// Whatever comes across the line: a typed value, no crash, and nobody else's text.
final class BadInputTests: XCTestCase {
  func testConfigurations() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let phone = try DesktopPhone(folder: folder).phone
    let huge = String(repeating: "a", count: 4 << 20)
    for text in ["", "\u{0}", canary, huge, "base_url = 1"] {
      await assertThrows(.config(.shape)) {
        try await MsgPay.open(MsgPayConfig(text: text, files: [:]), phone: phone)
      }
    }
    await assertThrows(.config(.shape)) { try MsgPayConfig.file(folder.appendingPathComponent("none.json")) }
    await assertThrows(.config(.shape)) { try MsgPayConfig.bundled("none") }
  }

  func testAConfigurationWhoseCertificateIsMissing() async throws {
    let house = try await House()
    let without = MsgPayConfig(text: house.stage.config.text, files: [:])
    await assertThrows(.config(.authority)) { try await MsgPay.open(without, phone: house.handset.phone) }
    let broken = MsgPayConfig(text: house.stage.config.text, files: ["ca.pem": Data(canary.utf8)])
    await assertThrows(.config(.authority)) { try await MsgPay.open(broken, phone: house.handset.phone) }
  }

  func testLinks() async throws {
    let house = try await House.ready()
    let huge = String(repeating: "m", count: 4 << 20)
    for link in ["", "\u{0}", canary, "msgpay://", "msgpay://v1/pay", "msgpay://v1/pay?o=&tk=", huge, "🀄️"] {
      let payment = try await house.msgpay.launch(link)
      let outcome = try await payment.step(\.outcome)
      XCTAssertEqual(outcome.reason?.why, .linkNotGenuine)
    }
  }

  func testNamesOfInstitutionsAndOrders() async throws {
    let house = try await House()
    for name in ["", "\u{0}", canary, String(repeating: "i", count: 1 << 20)] {
      await assertThrows(.call(.unknownInstitution)) { try await house.msgpay.activate(name, code: "") }
      await assertThrows(.call(.unknownInstitution)) { try await house.msgpay.setPassword(at: name) }
      await assertThrows(.call(.unknownInstitution)) { try await house.msgpay.enrolBiometric(at: name) }
    }
    await assertThrows(.call(.notActivated)) { try await house.msgpay.setPassword(at: house.stage.institution) }
    await assertThrows(.call(.nothingOpen)) {
      try await house.msgpay.resolve("P1", at: house.stage.institution)
    }
  }

  func testActivationCodes() async throws {
    let house = try await House()
    for code in ["", "\u{0}", "AAAA-AAAA-AAAA", String(repeating: "4", count: 1 << 16)] {
      let activation = try await house.msgpay.activate(house.stage.institution, code: code)
      guard case .notActivated = try await activation.run() else { return XCTFail(code) }
    }
  }

  func testSurfacesAndSizes() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let careless = Surface(
      captureBlocked: true, obscuredTouchesFiltered: true, noTextField: false, nothingKept: true,
      audioPrivate: false)
    await assertThrows(.keypad(.unacknowledged, wiped: false)) { try entry.open(careless, facePx: 96) }
    // The entry is not lost by that: it opens again.
    for (size, drawn) in [(UInt16(0), 24), (23, 24), (513, 512), (.max, 512)] {
      let keypad = try entry.open(.desktop, facePx: size)
      XCTAssertTrue(keypad.keys.allSatisfy { $0.height == drawn }, "\(size)")
    }
    try await payment.cancel()
  }

  func testSlotsAndPictures() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let keypad = try entry.open(.desktop, facePx: 48)
    await assertThrows(.keypad(.noSuchKey, wiped: false)) { try keypad.press(slot: 255) }
    await assertThrows(.keypad(.length, wiped: false)) { try keypad.confirm() }
    let key = try XCTUnwrap(keypad.keys.first)
    await assertThrows(.call(.pictureMemory)) {
      try keypad.draw(key, into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }
    let short = UnsafeMutableRawBufferPointer.allocate(byteCount: key.width * key.height - 1, alignment: 1)
    defer { short.deallocate() }
    await assertThrows(.call(.pictureMemory)) { try keypad.draw(key, into: short) }
    try keypad.captureDetected()
    await assertThrows(.keypad(.closed, wiped: true)) { try keypad.withFace(of: key) { $0.count } }
    await assertThrows(.keypad(.closed, wiped: true)) { try keypad.erase() }
    try await payment.cancel()
  }

  func testAnEntryOfAnotherSessionAndOneUsedTwice() async throws {
    let house = try await House.ready()
    let (one, first) = try await house.entering()
    let (two, second) = try await house.entering()
    let typed = try await house.person().type(first)
    let sealed = try XCTUnwrap(typed)
    await assertThrows(.call(.otherSession)) { try second.entered(sealed) }
    await assertThrows(.call(.otherSession)) { try first.entered(sealed) }
    // Both go on: two sessions at once do not know each other.
    for (payment, entry) in [(one, first), (two, second)] {
      let again = try await house.person().type(entry)
      try entry.entered(try XCTUnwrap(again))
      let outcome = try await payment.step(\.outcome)
      XCTAssertNotNil(outcome.receipt, "\(outcome)")
    }
  }

  func testTwoLoopsOfOneSessionAndAnswersOutOfTurn() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    let review = try await payment.step(\.review)
    try review.accept()
    await assertThrows(.call(.outOfTurn)) { try review.accept() }
    let entry = try await payment.step(\.entry)
    let sealed = try await house.person().type(entry)
    // The first loop is held in the keystore; a second one is told so.
    let held = DispatchSemaphore(value: 0)
    let asked = Handover<Void>()
    house.handset.faults.keystore = .calls {
      Task { await asked.give(()) }
      held.wait()
    }
    try entry.entered(try XCTUnwrap(sealed))
    let first = Task { try await payment.step(\.outcome) }
    await asked.take()
    await assertThrows(.call(.outOfTurn)) { try await payment.step(\.outcome) }
    house.handset.faults.keystore = nil
    held.signal()
    let outcome = try await first.value
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  func testAKeypadFromManyThreads() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let keypad = try entry.open(.desktop, facePx: 48)
    let slots = keypad.keys.compactMap { if case .slot(let slot) = $0.action { slot } else { nil } }
    let faults: [MsgPayError] = await withTaskGroup(of: MsgPayError?.self) { group in
      for at in 0..<64 {
        group.addTask {
          do throws(MsgPayError) {
            _ = at.isMultiple(of: 2) ? try keypad.press(slot: slots[at % slots.count]) : try keypad.erase()
            return nil
          } catch { return error }
        }
      }
      return await group.reduce(into: []) { faults, fault in if let fault { faults.append(fault) } }
    }
    for fault in faults {
      guard case .keypad = fault else { return XCTFail("\(fault)") }
    }
    try await payment.cancel()
  }
}

/// Must be in nobody's error.
let canary = "CANARY-7f3a"

extension House {
  /// A payment at its keypad.
  func entering() async throws -> (Payment, Entry) {
    let order = try await stage.order(fen: 100)
    let payment = try await msgpay.launch(order.link)
    try await payment.step(\.review).accept()
    return (payment, try await payment.step(\.entry))
  }
}
