import MsgPay
import MsgPayDesktop
import XCTest

final class PaymentTests: XCTestCase {
  func testAPaymentIsPaidOnce() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 12_850)
    let payment = try await house.msgpay.launch(order.link)

    let review = try await payment.step(\.review)
    XCTAssertEqual(review.review.amountFen, 12_850)
    XCTAssertEqual(review.review.amountYuan, "128.50")
    XCTAssertEqual(review.review.payOrderNo, order.payOrderNo)
    XCTAssertFalse(review.review.payeeName.isEmpty)
    try review.accept()

    let entry = try await payment.step(\.entry)
    XCTAssertEqual(entry.purpose, .password)
    XCTAssertEqual(entry.lengths, 6...6)
    let keypad = try entry.open(.desktop, facePx: 96)
    try await house.person().press(on: keypad)
    try entry.entered(try keypad.confirm())

    let outcome = try await payment.step(\.outcome)
    let receipt = try XCTUnwrap(outcome.receipt)
    XCTAssertEqual(receipt.subjectNo, order.payOrderNo)
    XCTAssertEqual(receipt.institution, house.stage.institution)
    XCTAssertFalse(receipt.signed.isEmpty)
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
    let unresolved = try await house.msgpay.unresolved()
    XCTAssertEqual(unresolved, [])
    let findings = try await house.stage.findings()
    XCTAssertEqual(findings, [])
  }

  func testStepsEndWithTheOutcome() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    var seen: [String] = []
    for try await step in payment.steps {
      switch step {
      case .review(let review):
        seen.append("review")
        try review.accept()
      case .enterPassword(let entry):
        seen.append("enterPassword")
        let sealed = try await house.person().type(entry)
        try entry.entered(try XCTUnwrap(sealed))
      case .confirmBiometric, .working, .unresolved:
        XCTFail("\(step)")
      case .concluded(let outcome):
        seen.append(outcome.receipt == nil ? "\(outcome)" : "paid")
      }
    }
    XCTAssertEqual(seen, ["review", "enterPassword", "paid"])
  }

  func testAStepWaitsForItsAnswerHoweverLong() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let payment = try await house.msgpay.launch(order.link)
    let reviews = Handover<ReviewStep<Review>>()
    let loop = Task {
      var count = 0
      for try await step in payment.steps {
        count += 1
        if let review = step.review { await reviews.give(review) }
        if step.entry != nil { break }
      }
      return count
    }
    let review = await reviews.take()
    // The loop waits for this; it has not asked for the next step before.
    try review.accept()
    let count = try await loop.value
    XCTAssertEqual(count, 2)
    try await payment.cancel()
  }

  func testALostAnswerIsAskedForAndDebitsOnce() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 990)
    let payment = try await house.msgpay.launch(order.link)
    try await payment.step(\.review).accept()
    let entry = try await payment.step(\.entry)
    let sealed = try await house.person().type(entry)
    try await house.stage.cut(.answer)
    try entry.entered(try XCTUnwrap(sealed))
    let question = try await payment.step(\.unresolved)
    let open = try await house.msgpay.unresolved()
    XCTAssertEqual(open.map(\.payOrderNo), [order.payOrderNo])
    try question.ask()
    let outcome = try await payment.step(\.outcome)
    XCTAssertNotNil(outcome.receipt)
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  func testAfterTheProcessDiedTheOrderIsAskedForAndDebitedOnce() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 990)
    do {
      let payment = try await house.msgpay.launch(order.link)
      try await payment.step(\.review).accept()
      let entry = try await payment.step(\.entry)
      let sealed = try await house.person().type(entry)
      try await house.stage.cut(.answer)
      try entry.entered(try XCTUnwrap(sealed))
      _ = try await payment.step(\.unresolved)
    }
    try await house.restart()
    let open = try await house.msgpay.unresolved()
    let found = try XCTUnwrap(open.first)
    XCTAssertEqual(found.payOrderNo, order.payOrderNo)
    let asked = try await house.msgpay.resolve(found.payOrderNo, at: found.institution)
    let outcome = try await house.msgpay.run(asked, on: house.person())
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
    let left = try await house.msgpay.unresolved()
    XCTAssertEqual(left, [])
  }

  func testAMembershipIsKnownAfterActivationAlsoToTheNextProcess() async throws {
    let house = try await House()
    let before = try await house.msgpay.membership(at: house.stage.institution)
    XCTAssertNil(before)
    try await house.activate()
    let after = try await house.msgpay.membership(at: house.stage.institution)
    XCTAssertEqual(after?.institution, house.stage.institution)
    try await house.restart()
    let later = try await house.msgpay.membership(at: house.stage.institution)
    XCTAssertEqual(later, after)
  }
}

/// Hands one value from a task to another.
actor Handover<Value: Sendable> {
  private var value: Value?
  private var waiting: CheckedContinuation<Value, Never>?

  func give(_ given: Value) {
    if let waiting {
      self.waiting = nil
      waiting.resume(returning: given)
    } else {
      value = given
    }
  }

  func take() async -> Value {
    if let value {
      self.value = nil
      return value
    }
    return await withCheckedContinuation { waiting = $0 }
  }
}
