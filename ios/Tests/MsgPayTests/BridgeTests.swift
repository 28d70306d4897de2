import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

@testable import MsgPayUI

/// A web page's bridge without a web view, against a real platform.
///
/// `@unchecked`: it has no state, and the runner hands it to the main actor.
final class BridgeTests: XCTestCase, @unchecked Sendable {
  private static let shop = "https://shop.example"

  @MainActor func testAPagesPaymentIsTypedAboveItAndConfirmedByIt() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 12_850)
    let page = try await Page(house)
    let sheet = try await page.opens(order.link)
    XCTAssertEqual(sheet.face.amount, "¥128.50")
    sheet.press(.accept)
    try await page.until { if case .keypad = sheet.page { true } else { false } }
    guard case .keypad(let desk) = sheet.page else { return XCTFail("no keypad") }
    sheet.changed(try desk.open(facePx: 96))
    let keypad = try XCTUnwrap(desk.keypad)
    let confirm = try XCTUnwrap(keypad.keys.first { $0.action == .confirm })
    guard case .nothing = try desk.touch(confirm) else { return XCTFail("the keypad confirms") }
    let shown = try await house.person().faces(of: keypad)
    for digit in House.password {
      sheet.changed(try desk.touch(try XCTUnwrap(shown.first { $0.digit == digit }?.key)))
    }
    XCTAssertTrue(try XCTUnwrap(page.told.last).contains("6"), "\(page.told)")
    page.says("send-0002", "submit")
    try await page.until { if case .unresolved = sheet.page { true } else { false } }
    try await page.until { page.told.contains { $0.contains("send-0002") } }
    let token = try XCTUnwrap(page.told.last)
    XCTAssertTrue(token.contains("token"), token)
    XCTAssertFalse(page.told.contains { $0.contains("492718") })
    XCTAssertEqual(sheet.face.headline, "结果确认中，请勿重复付款")
    // No merchant carries it to the institution here: asking ends it, and it can never pay.
    sheet.press(.ask)
    try await page.until { if case .result = sheet.page { true } else { false } }
    XCTAssertEqual(sheet.face.primary?.action, .close, "the link is the page's: nothing can be tried again from here")
    sheet.press(.close)
    let outcome = try await page.ended.take().get()
    XCTAssertEqual(outcome.reason?.why, .voided)
    XCTAssertTrue(page.isHidden)
  }

  func testAPageThatClosesWhileARequestIsOnItsWayHasTurnedBack() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let (msgpay, transport) = try await house.gated()
    let bridge = try await msgpay.bridge(for: [Self.shop])
    let page = PageSender(origin: Self.shop, topLevel: true, document: 1)
    let opens = "{\"v\":1,\"id\":\"open-0001\",\"do\":\"open\",\"launch\":\"\(order.link)\"}"
    guard case .begin(let payment) = try await bridge.receive(opens, from: page) else { return XCTFail("no payment") }
    transport.shut(.answer)
    let first = Task {
      var steps = payment.steps.makeAsyncIterator()
      return try await steps.next()
    }
    await transport.reached()
    _ = try await bridge.receive("{\"v\":1,\"id\":\"shut-0002\",\"do\":\"close\"}", from: page)
    transport.open()
    guard case .concluded(.cancelled) = try await first.value else { return XCTFail("not turned back") }
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 0)
  }

  @MainActor func testAnotherDocumentTurnsThePaymentBack() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let page = try await Page(house)
    let sheet = try await page.opens(order.link)
    page.desk.loaded()
    let outcome = try await page.ended.take().get()
    XCTAssertEqual(outcome, .cancelled)
    XCTAssertTrue(page.isHidden)
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 0)
  }

  @MainActor func testAPageThatClosesTurnsThePaymentBack() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let page = try await Page(house)
    let sheet = try await page.opens(order.link)
    page.says("shut-0002", "close")
    let outcome = try await page.ended.take().get()
    XCTAssertEqual(outcome, .cancelled)
  }

  @MainActor func testTheEndOfAPaymentIsToldWhenThePageBeginsAnother() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let page = try await Page(house)
    page.says("open-0001", "open", launch: "msgpay://v1/pay?o=P2026&tk=AAAA")
    let first = await page.sheets.take()
    try await page.until { if case .result = first.page { true } else { false } }
    page.says("open-0002", "open", launch: order.link)
    let second = await page.sheets.take()
    XCTAssertTrue(first !== second)
    try await page.until { if case .review = second.page { true } else { false } }
    page.says("shut-0003", "close")
    try await page.until { page.outcomes.contains(.cancelled) }
    XCTAssertEqual(page.outcomes.map { $0.reason?.why }, [.linkNotGenuine, nil])
  }

  @MainActor func testAPageIsToldThatThePersonHasClosedTheKeypad() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let page = try await Page(house)
    let sheet = try await page.opens(order.link)
    sheet.press(.accept)
    try await page.until { if case .keypad = sheet.page { true } else { false } }
    guard case .keypad(let desk) = sheet.page else { return XCTFail("no keypad") }
    sheet.changed(try desk.open(facePx: 48))
    XCTAssertTrue(try XCTUnwrap(page.told.last).contains("length"), "\(page.told)")
    sheet.press(.close)
    try await page.until { !page.outcomes.isEmpty }
    XCTAssertTrue(try XCTUnwrap(page.told.last).contains("closed"), "\(page.told)")
  }

  @MainActor func testStrangersAreToldNothing() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let page = try await Page(house)
    for (origin, isTopLevel) in [
      ("https://shop.example.evil", true), ("http://shop.example", true), (Self.shop, false),
    ] {
      page.says("open-0001", "open", launch: order.link, from: origin, isTopLevel: isTopLevel)
    }
    // The listed page speaks after them, and is heard: nothing before it was.
    page.says("clear-001", "clear")
    try await page.until { !page.told.isEmpty }
    XCTAssertEqual(page.told.count, 1)
    XCTAssertTrue(page.told[0].contains("not-open"), page.told[0])
  }

  func testOnlyOriginsAreListed() async throws {
    let house = try await House()
    for origin in ["", "shop.example", "http://shop.example", "https://*.example", "https://shop.example/"] {
      await assertThrows(.call(.notAnOrigin)) { try await house.msgpay.bridge(for: [origin]) }
    }
  }

  func testOriginsAreWrittenAsTheListHasThem() {
    XCTAssertEqual(pageOrigin(scheme: "https", host: "shop.example", port: 0), "https://shop.example")
    XCTAssertEqual(pageOrigin(scheme: "https", host: "shop.example", port: 443), "https://shop.example")
    XCTAssertEqual(pageOrigin(scheme: "https", host: "shop.example", port: 8443), "https://shop.example:8443")
    XCTAssertEqual(pageOrigin(scheme: "http", host: "shop.example", port: 443), "http://shop.example:443")
  }

  /// A web view with one page in it.
  @MainActor
  private final class Page: PageHost {
    let sheets = Handover<SheetDesk>()
    let ended = Handover<Result<Outcome, any Error>>()
    private(set) var told: [String] = []
    private(set) var outcomes: [Outcome] = []
    private(set) var isHidden = false
    private var made: BridgeDesk?
    private var waiting: CheckedContinuation<Void, Never>?

    var desk: BridgeDesk {
      guard let made else { preconditionFailure("made below") }
      return made
    }

    init(_ house: House) async throws {
      let desk = try await BridgeDesk(
        house.msgpay, origins: [shop], host: self, surface: .desktop, words: Words(.chinese))
      made = desk
      desk.onEnded = { [weak self] outcome in self?.heard(outcome) }
      desk.loaded()
    }

    func says(_ id: String, _ what: String, launch: String? = nil, from origin: String = shop, isTopLevel: Bool = true)
    {
      let link = launch.map { ",\"launch\":\"\($0)\"" } ?? ""
      desk.received("{\"v\":1,\"id\":\"\(id)\",\"do\":\"\(what)\"\(link)}", from: origin, isTopLevel: isTopLevel)
    }

    /// The page opens a payment; gives the sheet above it, with its review.
    func opens(_ link: String) async throws -> SheetDesk {
      says("open-0001", "open", launch: link)
      let sheet = await sheets.take()
      try await until { if case .review = sheet.page { true } else { false } }
      return sheet
    }

    func tell(_ message: PageMessage) {
      told.append(message.text)
      happened()
    }

    func show(_ sheet: SheetDesk) {
      sheet.onChange = { [weak self] in self?.happened() }
      Task { await sheets.give(sheet) }
    }

    func hide(_ sheet: SheetDesk) {
      isHidden = true
      happened()
    }

    private func heard(_ outcome: Result<Outcome, any Error>) {
      if case .success(let outcome) = outcome { outcomes.append(outcome) }
      Task { await ended.give(outcome) }
      happened()
    }

    /// Waits until something is so; whatever happens to the page or its sheet is looked at.
    func until(_ isSo: () -> Bool) async throws {
      while !isSo() { await withCheckedContinuation { waiting = $0 } }
    }

    private func happened() {
      waiting?.resume()
      waiting = nil
    }
  }
}
