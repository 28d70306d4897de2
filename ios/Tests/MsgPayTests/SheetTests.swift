import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

@testable import MsgPayUI

/// The pay sheet without a view: whole payments by touches on the keypad's layout, against a real platform.
///
/// `@unchecked`: it has no state, and the runner hands it to the main actor.
final class SheetTests: XCTestCase, @unchecked Sendable {
  @MainActor func testAWholePaymentByTouches() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 12_850)
    let sheet = SheetDesk(house.msgpay, surface: .desktop, words: Words(.chinese))
    let pages = Pages(sheet)
    XCTAssertEqual(sheet.face.headline, "正在连接支付机构")
    let payment = Task { try await sheet.pay(order.link) }

    let review = try await pages.next(\.isReview)
    XCTAssertEqual(review.amount, "¥128.50")
    XCTAssertEqual(review.primary?.title, "支付 ¥128.50")
    XCTAssertEqual(review.lines.first?.name, "收款方")
    XCTAssertFalse(review.title.isEmpty)
    XCTAssertNotEqual(review.title, "付款", "the institution's own name")
    sheet.press(.accept)

    let keypad = try await pages.next(\.isKeypad)
    XCTAssertEqual(keypad.headline, "输入支付密码")
    XCTAssertEqual(keypad.cells, .init(filled: 0, count: 6, spoken: "密码输入，已输入 0 位，共 6 位"))
    try await type(House.password, on: sheet, house)

    let end = try await pages.next(\.isResult)
    XCTAssertEqual(end.headline, "支付成功")
    XCTAssertEqual(end.mark, .tick)
    XCTAssertEqual(end.amount, "¥128.50")
    XCTAssertEqual(end.advice, "由\(review.title)签名确认")
    XCTAssertEqual(end.lines.map(\.name), ["收款方", "订单尾号", "时间"])
    XCTAssertEqual(end.primary?.title, "完成")
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  @MainActor func testTurningBackAtTheKeypadWipesItAndLeaves() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let sheet = SheetDesk(house.msgpay, surface: .desktop, words: Words(.english))
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    try await toTheKeypad(sheet, pages)
    guard case .keypad(let desk) = sheet.page else { return XCTFail("no keypad") }
    try desk.open(facePx: 48)
    let keypad = try XCTUnwrap(desk.keypad)
    sheet.press(.close)
    XCTAssertThrowsError(try keypad.press(slot: 0)) { error in
      XCTAssertEqual(error as? MsgPayError, .keypad(.closed, wiped: true))
    }
    let outcome = try await payment.value
    XCTAssertEqual(outcome, .cancelled)
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 0)
  }

  @MainActor func testALostAnswerIsShownAsNotKnownAndAskedFor() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 990)
    let sheet = SheetDesk(house.msgpay, surface: .desktop, words: Words(.chinese))
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    try await toTheKeypad(sheet, pages)
    try await house.stage.cut(.answer)
    try await type(House.password, on: sheet, house)
    let unknown = try await pages.next(\.isUnresolved)
    XCTAssertEqual(unknown.mark, .clock)
    XCTAssertEqual(unknown.headline, "结果确认中，请勿重复付款")
    XCTAssertEqual(unknown.primary?.title, "查询结果")
    sheet.press(.again)
    XCTAssertTrue(sheet.page.isUnresolved, "nothing is paid anew")
    sheet.press(.ask)
    let end = try await pages.next(\.isResult)
    XCTAssertEqual(end.mark, .tick)
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  @MainActor func testASheetThatIsLeftWhileTheAnswerIsOutSaysSoFirst() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 990)
    let (msgpay, transport) = try await house.gated()
    let sheet = SheetDesk(msgpay, surface: .desktop, words: Words(.english))
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    try await toTheKeypad(sheet, pages)
    transport.shut(.request)
    try await type(House.password, on: sheet, house)
    await transport.reached()
    sheet.press(.close)
    let end = try await pages.next(\.isResult)
    XCTAssertEqual(end.headline, "Being confirmed. Please do not pay again")
    // Asked from here, by another session over the same sheet.
    transport.shut(.open)
    sheet.press(.ask)
    _ = try await pages.next(\.isBusy)
    let asked = try await pages.next(\.isResult)
    XCTAssertEqual(asked.mark, .dash, "the request never arrived, and never can")
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertEqual(outcome.reason?.why, .voided)
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 0)
  }

  @MainActor func testAWrongPasswordMayBeTriedAgainInTheSameSheet() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let sheet = SheetDesk(house.msgpay, surface: .desktop, words: Words(.chinese))
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    for (digits, mark) in [([9, 2, 7, 1, 8, 4], SheetFace.Mark.dash), (House.password, .tick)] {
      try await toTheKeypad(sheet, pages)
      try await type(digits, on: sheet, house)
      let end = try await pages.next(\.isResult)
      XCTAssertEqual(end.mark, mark)
      if mark == .dash {
        XCTAssertEqual(end.headline, "支付密码不正确，未扣款")
        XCTAssertEqual(end.primary, .init(title: "再试一次", action: .again))
        sheet.press(.again)
      }
    }
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  @MainActor func testAFingerTappedTwiceOnTryAgainTriesOnce() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let sheet = SheetDesk(house.msgpay, surface: .desktop)
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    for press in [SheetDesk.Action.again, .close] {
      try await toTheKeypad(sheet, pages)
      try await type([9, 2, 7, 1, 8, 4], on: sheet, house)
      _ = try await pages.next(\.isResult)
      sheet.press(press)
      sheet.press(press)
    }
    let outcome = try await payment.value
    XCTAssertEqual(outcome.reason?.why, .wrongPassword)
    XCTAssertEqual(outcome.reason?.triesLeft, 3, "two tries")
  }

  @MainActor func testAFingerPaysWithoutTheKeypad() async throws {
    let house = try await House.ready()
    try await house.enrol()
    let order = try await house.stage.order(fen: 500)
    let sheet = SheetDesk(house.msgpay, surface: .desktop, signer: house.handset, words: Words(.english))
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    _ = try await pages.next(\.isReview)
    sheet.press(.accept)
    let end = try await pages.next(\.isResult)
    XCTAssertEqual(end.mark, .tick)
    XCTAssertEqual(pages.headlines.filter { $0 == "Use your finger or face" }.count, 1)
    XCTAssertFalse(pages.headlines.contains("Enter your payment password"))
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  @MainActor func testWithoutASignerThePasswordPays() async throws {
    let house = try await House.ready()
    try await house.enrol()
    let order = try await house.stage.order(fen: 500)
    let sheet = SheetDesk(house.msgpay, surface: .desktop)
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    try await toTheKeypad(sheet, pages)
    try await type(House.password, on: sheet, house)
    _ = try await pages.next(\.isResult)
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  @MainActor func testAfterTheProcessDiedTheSheetComesBackByTheOrdersNumber() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 990)
    let sheet = SheetDesk(house.msgpay, surface: .desktop)
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    _ = try await pages.next(\.isReview)
    let kept = try XCTUnwrap(sheet.payOrderNo)
    let nothing = try await house.msgpay.restore(kept)
    XCTAssertNil(nothing, "nothing has left: the link can be paid again")
    sheet.press(.accept)
    _ = try await pages.next(\.isKeypad)
    try await house.stage.cut(.answer)
    try await type(House.password, on: sheet, house)
    _ = try await pages.next(\.isUnresolved)

    try await house.restart()
    let restored = try await house.msgpay.restore(kept)
    let second = SheetDesk(house.msgpay, surface: .desktop, words: Words(.chinese))
    let later = Pages(second)
    let asking = Task { try await second.resume(try XCTUnwrap(restored)) }
    let end = try await later.next(\.isResult)
    XCTAssertEqual(end.headline, "支付成功")
    XCTAssertEqual(end.advice, "由支付机构签名确认", "no order was shown that names it")
    XCTAssertEqual(end.title, "付款")
    second.press(.close)
    let outcome = try await asking.value
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
    payment.cancel()
    let debits = try await house.stage.debits(of: order.payOrderNo)
    XCTAssertEqual(debits, 1)
  }

  @MainActor func testAKeystoreThatFailsIsThrownAndNothingMoved() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    house.handset.faults.keystore = .fails
    let sheet = SheetDesk(house.msgpay, surface: .desktop)
    do {
      let outcome = try await sheet.pay(order.link)
      XCTFail("\(outcome)")
    } catch {
      XCTAssertEqual(error as? MsgPayError, .host(.keystore))
    }
    let left = try await house.msgpay.unresolved()
    XCTAssertEqual(left, [])
  }

  @MainActor func testAScreenshotARecordingAndTheAppSwitcherWipe() async throws {
    let house = try await House.ready()
    let order = try await house.stage.order(fen: 100)
    let sheet = SheetDesk(house.msgpay, surface: .desktop, words: Words(.english))
    let pages = Pages(sheet)
    let payment = Task { try await sheet.pay(order.link) }
    try await toTheKeypad(sheet, pages)
    guard case .keypad(let desk) = sheet.page else { return XCTFail("no keypad") }
    let edges: [(KeypadDesk.ScreenEvent, KeypadDesk.Cover?, String)] = [
      (.screenshot, nil, "Your entry was cleared; enter it again"),
      (.recorded(true), .recorded, "No password while the screen is recorded or shared"),
      (.hidden, .hidden, "Your entry was cleared; enter it again"),
    ]
    for (event, cover, note) in edges {
      try desk.open(facePx: 48)
      let keypad = try XCTUnwrap(desk.keypad)
      let key = try XCTUnwrap(keypad.keys.first { if case .slot = $0.action { true } else { false } })
      sheet.changed(try desk.touch(key))
      XCTAssertEqual(sheet.face.cells?.filled, 1)
      sheet.changed(try desk.noticed(event))
      XCTAssertEqual(sheet.face.cells?.filled, 0)
      XCTAssertEqual(sheet.face.note, note)
      XCTAssertEqual(desk.cover, cover)
      XCTAssertThrowsError(try keypad.press(slot: 0), "wiped")
      if cover != nil {
        try desk.open(facePx: 48)
        XCTAssertNil(desk.keypad, "nothing opens under a cover")
      }
      _ = try desk.noticed(.recorded(false))
      _ = try desk.noticed(.shown)
      XCTAssertNil(desk.cover)
    }
    sheet.press(.close)
    let outcome = try await payment.value
    XCTAssertEqual(outcome, .cancelled)
  }

  @MainActor func testAPasswordIsSetInTheSheet() async throws {
    let house = try await House()
    try await house.activate()
    let sheet = SheetDesk(house.msgpay, surface: .desktop, words: Words(.chinese))
    let pages = Pages(sheet)
    let setting = Task { try await sheet.setPassword(at: house.stage.institution) }
    for second in [[9, 2, 7, 1, 8, 4], House.password] {
      let review = try await pages.next(\.isReview)
      XCTAssertEqual(review.headline, "设置支付密码")
      XCTAssertNil(review.amount)
      XCTAssertEqual(review.lines.map(\.name), ["钱包手机号"])
      sheet.press(.accept)
      let first = try await pages.next(\.isKeypad)
      XCTAssertEqual(first.headline, "设置支付密码")
      try await type(House.password, on: sheet, house)
      let again = try await pages.next(\.isKeypad)
      XCTAssertEqual(again.headline, "再输入一次")
      try await type(second, on: sheet, house)
      let end = try await pages.next(\.isResult)
      if second == House.password {
        XCTAssertEqual(end.headline, "支付密码已设置")
        XCTAssertEqual(end.mark, .tick)
        sheet.press(.close)
      } else {
        XCTAssertEqual(end.headline, "两次输入不一致，未设置")
        XCTAssertEqual(end.primary, .init(title: "再试一次", action: .again))
        sheet.press(.again)
      }
    }
    guard case .set = try await setting.value else { return XCTFail("not set") }
    XCTAssertEqual(pages.titles.first, "设置支付密码", "before the institution is known")
  }

  @MainActor func testAFingerIsEnrolledInTheSheet() async throws {
    let house = try await House.ready()
    let sheet = SheetDesk(house.msgpay, surface: .desktop, signer: house.handset, words: Words(.english))
    let pages = Pages(sheet)
    let enrolling = Task { try await sheet.enrolBiometric(at: house.stage.institution) }
    let review = try await pages.next(\.isReview)
    XCTAssertEqual(review.headline, "Pay by your finger or face")
    XCTAssertEqual(review.lines.map(\.name), ["Wallet's number", "Without password up to"])
    sheet.press(.accept)
    _ = try await pages.next(\.isKeypad)
    try await type(House.password, on: sheet, house)
    let end = try await pages.next(\.isResult)
    XCTAssertEqual(end.headline, "Your finger or face pays now")
    XCTAssertTrue(end.spoken.hasPrefix("Your finger or face pays now. "), end.spoken)
    sheet.press(.close)
    guard case .enrolled = try await enrolling.value else { return XCTFail("not enrolled") }
  }

  @MainActor func testNoLabelTellsKeysApart() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let desk = KeypadDesk(entry, surface: .desktop)
    try desk.open(facePx: 48)
    let keypad = try XCTUnwrap(desk.keypad)
    for words in [Words(.chinese), Words(.english)] {
      let labels = keypad.keys.filter { if case .slot = $0.action { true } else { false } }.map { words.key($0.action) }
      XCTAssertEqual(labels.count, 10)
      XCTAssertEqual(Set(labels).count, 1)
      XCTAssertFalse(labels[0].contains { $0.isNumber })
    }
    try await payment.cancel()
  }
}
