import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

/// A handset whose keystore or vault fails, throws, hangs or calls back.
final class HostFaultTests: XCTestCase {
  func testAKeystoreThatFailsHarmsNoPayment() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    for fault: Faults.Fault in [.fails, .throwsText(canary)] {
      house.handset.faults.keystore = fault
      await assertThrows(.host(.keystore)) { try await payment.step(\.review) }
    }
    house.handset.faults.keystore = nil
    let outcome = try await house.msgpay.run(payment, on: house.person())
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  func testAVaultThatFails() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    house.handset.faults.vault = .throwsText(canary)
    await assertThrows(.host(.vault)) { try await house.msgpay.launch(order.link) }
    await assertThrows(.host(.vault)) { try await house.msgpay.unresolved() }
    await assertThrows(.host(.vault)) { try await house.msgpay.membership(at: house.stage.institution) }
    house.handset.faults.vault = nil
    let outcome = try await house.msgpay.pay(order.link, on: house.person())
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  func testNoErrorHoldsTheTextOfTheHost() async throws {
    let house = try await House.ready()
    house.handset.faults.keystore = .throwsText(canary)
    let order = try await house.stage.order(fen: 100)
    do {
      _ = try await house.msgpay.pay(order.link, on: house.person())
      XCTFail("nothing thrown")
    } catch {
      XCTAssertFalse("\(error) \(String(reflecting: error)) \(error.localizedDescription)".contains(canary))
    }
  }

  func testAKeystoreThatCallsBackIsToldSo() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let keypad = try entry.open(.desktop, facePx: 48)
    let told = Handover<MsgPayError?>()
    house.handset.faults.keystore = .calls {
      do throws(MsgPayError) {
        try keypad.cancel()
        Task { await told.give(nil) }
      } catch { Task { await told.give(error) } }
    }
    let order = try await house.stage.order(fen: 100)
    let other = try await house.msgpay.launch(order.link)
    _ = try await other.step(\.review)
    let error = await told.take()
    XCTAssertEqual(error, .call(.fromHost))
    try await payment.cancel()
    try await other.cancel()
  }

  func testAKeystoreThatDoesNotReturnIsGivenUp() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    house.handset.faults.keystore = .sleeps(seconds: 12)
    await assertThrows(.host(.keystore)) { try await payment.step(\.review) }
    house.handset.faults.keystore = nil
    let outcome = try await house.msgpay.run(payment, on: house.person())
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  func testAPhonesClockIsReadInTheLibrary() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let phone = Phone(keystore: EnclaveKeystore(try DesktopKeys(folder: folder)), vault: try FileVault(folder: folder))
    XCTAssertNil(phone.clock, "a press would wait for a call out of it")
  }

  func testALinkWhoseTimeIsOver() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    house.handset.faults.clockAheadMs = 86_400_000
    let outcome = try await house.msgpay.pay(order.link, on: house.person())
    XCTAssertEqual(outcome.reason?.why, .linkExpired)
    XCTAssertEqual(outcome.reason?.todo, .otherWay)
  }
}
