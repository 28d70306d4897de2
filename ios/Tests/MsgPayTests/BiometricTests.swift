import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

final class BiometricTests: XCTestCase {
  func testAKeyIsEnrolledByThePasswordAndThenPays() async throws {
    let house = try await House.ready()
    try await house.enrol()
    let order = try await house.stage.order(fen: 500)
    let payment = try await house.msgpay.launch(order.link)
    try await payment.step(\.review).accept()
    let step = try await payment.step(\.confirmation)
    await assertThrows(.call(.signatureShape)) { try step.confirmed(by: Data()) }
    await assertThrows(.call(.otherSession)) { try step.confirmed(by: Data(repeating: 1, count: 64)) }
    guard case .signed(let signature) = house.handset.layFingerOn(step.confirmation) else { return XCTFail("no key") }
    try step.confirmed(by: signature)
    let last = try await payment.outcome(by: house.person())
    XCTAssertNotNil(last.receipt, "\(last)")
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  func testAnotherFingerTakesTheKeyAwayAndThePasswordPays() async throws {
    let house = try await House.ready()
    try await house.enrol()
    try house.handset.enrolAnotherFinger()
    let order = try await house.stage.order(fen: 500)
    let outcome = try await house.msgpay.pay(order.link, on: house.person())
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
    let membership = try await house.msgpay.membership(at: house.stage.institution)
    XCTAssertNil(membership?.biometricKeyName)
  }
}
