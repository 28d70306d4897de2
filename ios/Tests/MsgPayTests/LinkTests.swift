import Foundation
import MsgPay
import XCTest

/// `@unchecked`: it has no state, and the runner hands it to the main actor.
final class LinkTests: XCTestCase, @unchecked Sendable {
  func testFormsOfLinks() throws {
    XCTAssertEqual(PayLink("msgpay://v1/pay?o=P1&tk=AQI")?.text, "msgpay://v1/pay?o=P1&tk=AQI")
    let others = [
      "", "msgpay://", "msgpay://v2/pay?o=P1&tk=AQI", "MSGPAY://v1/pay?o=P1", "msgpay://v1/pay", "https://v1/pay?o=P1",
      "msgpay://v1/pay?o=P 1", "msgpay://v1/pay?o=\u{0}", "msgpay://v1/pay?o=支付", " msgpay://v1/pay?o=P1",
      "msgpay://v1/pay?o=" + String(repeating: "a", count: 2_048),
    ]
    for other in others { XCTAssertNil(PayLink(other), other) }
  }

  @MainActor func testOnePaymentAtATime() async throws {
    let desk = LinkDesk()
    let one = try XCTUnwrap(URL(string: "msgpay://v1/pay?o=P1&tk=AQI"))
    let two = try XCTUnwrap(URL(string: "msgpay://v1/pay?o=P2&tk=AQI"))
    XCTAssertEqual(desk.open(try XCTUnwrap(URL(string: "https://shop.example/pay?o=P1"))), .notOurs)
    XCTAssertEqual(desk.open(one), .pay(try XCTUnwrap(PayLink(one))))
    XCTAssertEqual(desk.open(one), .same)
    XCTAssertEqual(desk.open(two), .busy)
    desk.ended()
    XCTAssertEqual(desk.open(two), .pay(try XCTUnwrap(PayLink(two))), "the one before was not kept")
  }

  func testAStagesOwnLinkIsOne() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    XCTAssertEqual(PayLink(order.link)?.text, order.link)
  }
}
