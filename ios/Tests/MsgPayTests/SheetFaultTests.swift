import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

@testable import MsgPayUI

/// What goes wrong around a sheet: the programmer is told, and the person never loses a payment out of sight.
///
/// `@unchecked`: it has no state, and the runner hands it to the main actor.
final class SheetFaultTests: XCTestCase, @unchecked Sendable {
  @MainActor func testAKeypadThatDoesNotOpenIsThrownAndNotTakenForTurnedBack() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let careless = Surface(
      captureBlocked: true, obscuredTouchesFiltered: true, noTextField: false, nothingKept: true, audioPrivate: false)
    let sheet = SheetDesk(house.msgpay, surface: careless)
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    _ = try await pages.next(\.isReview)
    sheet.press(.accept)
    _ = try await pages.next(\.isKeypad)
    guard case .keypad(let desk) = sheet.page else { return XCTFail("no keypad") }
    let refused = MsgPayError.keypad(.unacknowledged, wiped: false)
    XCTAssertThrowsError(try desk.open(facePx: 48)) { XCTAssertEqual($0 as? MsgPayError, refused) }
    sheet.failed(refused)
    do {
      let outcome = try await payment.value
      XCTFail("\(outcome)")
    } catch {
      XCTAssertEqual(error as? MsgPayError, refused)
    }
  }

  @MainActor func testAQuestionThatCannotBeAskedLeavesThePaymentNotKnown() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let (msgpay, transport) = try await house.gated()
    let sheet = SheetDesk(msgpay, surface: .desktop)
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    _ = try await pages.next(\.isReview)
    sheet.press(.accept)
    _ = try await pages.next(\.isKeypad)
    transport.shut(.request)
    try await type(House.password, on: sheet, house)
    await transport.reached()
    sheet.press(.close)
    _ = try await pages.next(\.isResult)
    house.handset.faults.vault = .fails
    sheet.press(.ask)
    let outcome = try await payment.value
    XCTAssertEqual(outcome, .unresolved(institution: house.stage.institution, payOrderNo: order.payOrderNo))
  }

  @MainActor func testASheetIsAtOneThingAtATime() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let sheet = SheetDesk(house.msgpay, surface: .desktop)
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    _ = try await pages.next(\.isReview)
    do {
      let outcome = try await sheet.pay(order.link)
      XCTFail("\(outcome)")
    } catch {
      XCTAssertEqual(error as? MsgPayError, .call(.outOfTurn))
    }
    sheet.press(.accept)
    _ = try await pages.next(\.isKeypad)
    try await type(House.password, on: sheet, house)
    _ = try await pages.next(\.isResult)
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertNotNil(outcome.receipt, "the first one harmed: \(outcome)")
  }

  @MainActor func testASheetThatIsClosedUnderThePromptTakesThePromptAway() async throws {
    let shown = Handover<Void>()
    let house = try await House.ready()
    try await house.enrol()
    for isThrowing in [false, true] {
      let order = try await house.stage.order(fen: 500)
      let signer = HeldSigner(shown: shown, isThrowing: isThrowing)
      let sheet = SheetDesk(house.msgpay, surface: .desktop, signer: signer)
      let pages = Pages(sheet)
      let payment = Task { try await sheet.pay(order.link) }
      _ = try await pages.next(\.isReview)
      sheet.press(.accept)
      await shown.take()
      sheet.press(.close)
      let outcome = try await payment.value
      XCTAssertEqual(outcome, .cancelled)
      let debits = try await house.stage.debits(of: order.payOrderNo)
      XCTAssertEqual(debits, 0)
    }
  }

  @MainActor func testASheetThatWasTakenAwayWaitsForNobody() async throws {
    let house = try await House.ready()
    let (msgpay, transport) = try await house.gated()
    for isOut in [false, true] {
      let order = try await house.stage.order(fen: 100)
      let sheet = SheetDesk(msgpay, surface: .desktop)
      let pages = Pages(sheet)
      let payment = Task { try await sheet.pay(order.link) }
      _ = try await pages.next(\.isReview)
      if isOut {
        sheet.press(.accept)
        _ = try await pages.next(\.isKeypad)
        transport.shut(.request)
        try await type(House.password, on: sheet, house)
        await transport.reached()
      }
      sheet.leave()
      let outcome = try await payment.value
      let unknown = Outcome.unresolved(institution: house.stage.institution, payOrderNo: order.payOrderNo)
      XCTAssertEqual(outcome, isOut ? unknown : .cancelled)
    }
  }
}

/// A prompt that stays until its task is cancelled.
private struct HeldSigner: BiometricSigner {
  let shown: Handover<Void>
  let isThrowing: Bool

  func sign(_ confirmation: Confirmation) async throws -> BiometricAnswer {
    await shown.give(())
    let never = AsyncStream<Never> { _ in }
    for await _ in never {}
    if isThrowing { throw CancellationError() }
    return .cancelled
  }
}
