import Foundation
import MsgPay

/// What an application must not keep, one way at a time; without a word it keeps nothing.
@MainActor
final class Keeper {
  enum Word: String {
    case string, list, array
  }

  /// Whether there is anything that it keeps.
  var keeps: Bool { word != nil }

  private let word: Word?
  private var text = ""
  private var list: [Int] = []
  private var bytes = Data()

  init(_ word: Word?) {
    self.word = word
  }

  func character(_ character: UInt8) {
    if word == .string { text.append(Character(UnicodeScalar(character))) }
  }

  /// So many are left.
  func take(_ left: Int) {
    text = String(text.prefix(left))
  }

  func slot(_ slot: UInt8, _ config: MsgPayConfig, _ phone: Phone) async throws {
    if word == .list { list.append(Int(slot)) }
    guard word == .array else { return }
    // By value across the line, as a file of a configuration.
    bytes.append(slot)
    let files = config.files.merging(["beside": bytes]) { _, beside in beside }
    _ = try await MsgPay.open(MsgPayConfig(text: config.text, files: files), phone: phone)
  }
}
