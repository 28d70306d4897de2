import MsgPay
import MsgPayDesktop
import XCTest

final class CancelTests: XCTestCase {
  func testTurningBackBeforeAnythingIsAsked() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    let outcome = try await payment.cancel()
    XCTAssertEqual(outcome, .cancelled)
    let step = try await payment.step(\.outcome)
    XCTAssertEqual(step, .cancelled)
    try await assertNothingMoved(house, order)
  }

  func testTurningBackAtTheReview() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    let review = try await payment.step(\.review)
    let outcome = try await payment.cancel()
    XCTAssertEqual(outcome, .cancelled)
    // Too late: it does nothing, and the next step tells.
    try review.accept()
    let step = try await payment.step(\.outcome)
    XCTAssertEqual(step, .cancelled)
    try await assertNothingMoved(house, order)
  }

  func testTurningBackAtTheKeypadLeavesItClosed() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    try await payment.step(\.review).accept()
    let entry = try await payment.step(\.entry)
    let keypad = try entry.open(.desktop, facePx: 96)
    try await house.person([4, 9, 2]).press(on: keypad)
    try keypad.cancel()
    try keypad.cancel()
    await assertThrows(.keypad(.closed, wiped: true)) { try keypad.press(slot: 0) }
    let outcome = try await payment.cancel()
    XCTAssertEqual(outcome, .cancelled)
    await assertThrows(.call(.outOfTurn)) { try entry.open(.desktop, facePx: 96) }
    try await assertNothingMoved(house, order)
  }

  func testACancelledTaskTurnsThePaymentBackAtTheReview() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    let shown = Handover<Void>()
    let loop = Task {
      var last: Outcome?
      for try await step in payment.steps {
        if step.review != nil { await shown.give(()) }
        if let outcome = step.outcome { last = outcome }
      }
      return last
    }
    await shown.take()
    loop.cancel()
    let outcome = try await loop.value
    XCTAssertEqual(outcome, .cancelled, "the loop gets the last step")
    try await assertNothingMoved(house, order)
  }

  func testACancelledTaskWhoseLaunchIsUnderWayPaysNothing() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let gate = HeldTransport()
    let config = house.stage.config
    let msgpay = try await MsgPay.open(config, phone: house.handset.phone) { pins in
      XCTAssertEqual(pins.count, 1)
      return gate
    }
    let payment = try await msgpay.launch(order.link)
    let loop = Task { try await payment.steps.first { _ in true } }
    // The launch is in flight, and its answer never comes.
    await gate.begun.take()
    loop.cancel()
    let step = try await loop.value
    XCTAssertEqual(step?.outcome, .cancelled, "a launch alone pays nothing")
    let stopped = await gate.isStopped.take()
    XCTAssertTrue(stopped, "the transport's task is cancelled too")
    try await assertNothingMoved(house, order)
  }

  func testTurningBackWhileTheSubmissionIsSignedSendsNothing() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await submitting(house, house.msgpay, order)
    // Held in the keystore, which is asked for the signature of the submission.
    let asked = Handover<Void>()
    let held = DispatchSemaphore(value: 0)
    house.handset.faults.keystore = .calls {
      Task { await asked.give(()) }
      held.wait()
    }
    let loop = Task { try await payment.steps.first { _ in true } }
    await asked.take()
    payment.turnBack()
    house.handset.faults.keystore = nil
    held.signal()
    let step = try await loop.value
    // It was signed, and nobody but this test knows that it never left.
    XCTAssertEqual(step?.outcome, house.unresolved(order))
    let asking = try await house.msgpay.resolve(order.payOrderNo, at: house.stage.institution)
    let resolved = try await house.msgpay.run(asking, on: house.person())
    XCTAssertEqual(resolved.reason?.why, .voided)
    try await assertNothingMoved(house, order)
  }

  func testTurningBackBeforeTheRequestHasArrivedVoidsIt() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let resolved = try await turnBack(.request, house, order)
    XCTAssertEqual(resolved.reason?.why, .voided)
    try await assertNothingMoved(house, order)
  }

  func testTurningBackBeforeTheAnswerHasComeFindsTheMoneyMovedOnce() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let resolved = try await turnBack(.answer, house, order)
    XCTAssertNotNil(resolved.receipt, "\(resolved)")
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  func testTurningBackAfterTheAnswerChangesNothing() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await submitting(house, house.msgpay, order)
    let outcome = try await payment.step(\.outcome)
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
    let late = try await payment.cancel()
    XCTAssertEqual(late, outcome)
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  /// Turns back while the submission stands at the gate, and asks what came of it.
  private func turnBack(
    _ gate: GatedTransport.Gate, _ house: House, _ order: Stage.Order
  ) async throws -> Outcome {
    let (msgpay, transport) = try await house.gated()
    let payment = try await submitting(house, msgpay, order)
    transport.shut(gate)
    let loop = Task { try await payment.steps.first { _ in true } }
    await transport.reached()
    let outcome = try await payment.cancel()
    XCTAssertEqual(outcome, house.unresolved(order))
    let step = try await loop.value
    XCTAssertEqual(step?.outcome, outcome)
    transport.shut(.open)
    let asking = try await msgpay.resolve(order.payOrderNo, at: house.stage.institution)
    let resolved = try await msgpay.run(asking, on: house.person())
    let left = try await msgpay.unresolved()
    XCTAssertEqual(left, [])
    return resolved
  }

  /// A payment whose password is typed; nothing has been signed yet.
  private func submitting(_ house: House, _ msgpay: MsgPay, _ order: Stage.Order) async throws -> Payment {
    let payment = try await msgpay.launch(order.link)
    try await payment.step(\.review).accept()
    let entry = try await payment.step(\.entry)
    let sealed = try await house.person().type(entry)
    try entry.entered(try XCTUnwrap(sealed))
    return payment
  }

  func testScreensThatThrowTurnThePaymentBack() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    do {
      _ = try await house.msgpay.pay(order.link, on: ThrowingScreens())
      XCTFail("nothing thrown")
    } catch {
      XCTAssertTrue(error is ThrowingScreens.Broken)
    }
    try await assertNothingMoved(house, order)
  }

  func testACancelledTaskWhoseScreenSleepsIsToldThatThePaymentIsNotKnown() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let screens = SleepingScreens(person: house.person(), stage: house.stage)
    let payment = Task { try await house.msgpay.pay(order.link, on: screens) }
    await screens.asked.take()
    payment.cancel()
    let outcome = try await payment.value
    XCTAssertEqual(outcome, house.unresolved(order))
  }

  private func assertNothingMoved(_ house: House, _ order: Stage.Order, line: UInt = #line) async throws {
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 0, line: line)
    let open = try await house.msgpay.unresolved()
    XCTAssertEqual(open, [], line: line)
    let findings = try await house.stage.findings()
    XCTAssertEqual(findings, [], line: line)
  }
}

/// Never answers; notices that it is no longer waited for.
private struct HeldTransport: Transport {
  let begun = Handover<Void>()
  let isStopped = Handover<Bool>()

  func send(_ request: Request) async -> Answer? {
    await begun.give(())
    let never = AsyncStream<Never> { _ in }
    for await _ in never {}
    await isStopped.give(Task.isCancelled)
    return nil
  }
}

private struct ThrowingScreens: PaymentScreens {
  struct Broken: Error {}

  func review(_ review: Review) async throws -> Bool { true }
  func type(_ entry: Entry) async throws -> SealedEntry? { throw Broken() }
}

/// Loses the answer, and then waits for a day.
private struct SleepingScreens: PaymentScreens {
  let person: StagePerson
  let stage: Stage
  let asked = Handover<Void>()

  func review(_ review: Review) async throws -> Bool { true }

  func type(_ entry: Entry) async throws -> SealedEntry? {
    let sealed = try await person.type(entry)
    try await stage.cut(.answer)
    return sealed
  }

  func unresolved(round: Int) async throws -> Bool {
    await asked.give(())
    try await Task.sleep(nanoseconds: 86_400_000_000_000)
    return true
  }
}

extension House {
  fileprivate func unresolved(_ order: Stage.Order) -> Outcome {
    .unresolved(institution: stage.institution, payOrderNo: order.payOrderNo)
  }
}
