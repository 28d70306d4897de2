import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

@testable import MsgPayUI

/// The pages of a sheet, as they come.
@MainActor
final class Pages {
  private let sheet: SheetDesk
  private var waiting: CheckedContinuation<Void, Never>?
  private var changed = false
  private(set) var headlines: [String] = []
  private(set) var titles: [String] = []

  init(_ sheet: SheetDesk) {
    self.sheet = sheet
    sheet.onChange = { [weak self] in self?.happened() }
  }

  private func happened() {
    changed = true
    if let headline = sheet.face.headline { headlines.append(headline) }
    titles.append(sheet.face.title)
    waiting?.resume()
    waiting = nil
  }

  /// Waits until a page of this kind is shown. Without it the test waits until the command is ended.
  func next(_ which: (SheetDesk.Page) -> Bool) async throws -> SheetFace {
    while !which(sheet.page) {
      if !changed { await withCheckedContinuation { waiting = $0 } }
      changed = false
    }
    return sheet.face
  }
}

extension SheetDesk.Page {
  var isReview: Bool { if case .review = self { true } else { false } }
  var isKeypad: Bool { if case .keypad = self { true } else { false } }
  var isUnresolved: Bool { if case .unresolved = self { true } else { false } }
  var isResult: Bool { if case .result = self { true } else { false } }
  var isBusy: Bool { if case .busy = self { true } else { false } }
}

extension XCTestCase {
  /// Reads the review and goes on from it.
  @MainActor func toTheKeypad(_ sheet: SheetDesk, _ pages: Pages) async throws {
    _ = try await pages.next(\.isReview)
    sheet.press(.accept)
    _ = try await pages.next(\.isKeypad)
  }

  /// Types by touches of the keypad's layout, and confirms.
  @MainActor func type(_ digits: [Int], on sheet: SheetDesk, _ house: House) async throws {
    guard case .keypad(let desk) = sheet.page else { return XCTFail("no keypad") }
    try desk.open(facePx: 96)
    let keypad = try XCTUnwrap(desk.keypad)
    let layout = KeypadLayout(keypad.keys, page: desk.page, size: CGSize(width: 390, height: 240), gap: 0.5)
    let shown = try await house.person().faces(of: keypad)
    for digit in digits {
      let key = try XCTUnwrap(shown.first { $0.digit == digit }?.key)
      sheet.changed(try desk.touch(try touched(key, in: layout)))
    }
    XCTAssertEqual(sheet.face.cells?.filled, digits.count)
    let confirm = try XCTUnwrap(keypad.keys.first { $0.action == .confirm })
    sheet.changed(try desk.touch(try touched(confirm, in: layout)))
  }

  /// The key that lies under the middle of where this one is drawn.
  private func touched(_ key: Keypad.Key, in layout: KeypadLayout) throws -> Keypad.Key {
    let frame = try XCTUnwrap(layout.places.first { $0.key == key }?.frame)
    return try XCTUnwrap(layout.key(at: CGPoint(x: frame.midX, y: frame.midY)))
  }
}
