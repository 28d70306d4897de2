import Foundation
import MsgPay

/// A page of the sheet as a view draws it, and as VoiceOver speaks it: words, no decisions.
public struct SheetFace: Sendable, Equatable {
  /// The sign over the words.
  public enum Mark: Sendable, Equatable {
    /// Nothing.
    case none
    /// Something takes its time.
    case busy
    /// Paid.
    case tick
    /// Not paid.
    case dash
    /// Not known yet.
    case clock
  }

  /// A line of an order.
  public struct Line: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// What it says.
    public let value: String
  }

  /// A row of cells, one for each character.
  public struct Cells: Sendable, Equatable {
    /// How many hold a dot.
    public let filled: Int
    /// How many there are.
    public let count: Int
    /// What VoiceOver says of them.
    public let spoken: String
  }

  /// A button.
  public struct Button: Sendable, Equatable {
    /// Says what it does.
    public let title: String
    /// For `SheetDesk.press`.
    public let action: SheetDesk.Action
  }

  /// Over the sheet, beside the shield: who pays.
  public var title: String
  /// The sign.
  public var mark = Mark.none
  /// The largest thing: `¥128.50`.
  public var amount: String?
  /// What is so.
  public var headline: String?
  /// What it means.
  public var advice: String?
  /// Payee, item and the like.
  public var lines: [Line] = []
  /// How far the entry is.
  public var cells: Cells?
  /// A word about the entry.
  public var note: String?
  /// The one action of the page.
  public var primary: Button?
  /// The button in the corner.
  public var close: Button
  /// What VoiceOver says when the page comes.
  public var spoken: String {
    [amount, headline, advice, note].compactMap { $0 }.joined(separator: "，")
  }
}

extension SheetDesk {
  /// The page that is shown now.
  public var face: SheetFace {
    let institution = review?.institutionName ?? words.payment
    var face = SheetFace(title: institution, close: .init(title: words.close, action: .close))
    face.note = note
    switch page {
    case .busy(let what):
      face.mark = .busy
      face.amount = amount
      face.headline = words.busy(what)
    case .review(let review):
      face.amount = amount
      face.lines = lines(review)
      face.primary = .init(title: words.pay(yuan: review.amountYuan), action: .accept)
    case .keypad(let desk):
      face.amount = amount
      face.headline = words.title(desk.entry.purpose)
      face.advice = words.note(desk.entry.purpose)
      let (filled, cells) = (desk.count, desk.entry.lengths.upperBound)
      face.cells = .init(filled: filled, count: cells, spoken: words.entered(filled, of: cells))
    case .unresolved:
      end(&face, .unresolved(institution: "", payOrderNo: payOrderNo ?? ""), institution)
    case .result(let outcome):
      end(&face, outcome, institution)
    }
    return face
  }

  private func end(_ face: inout SheetFace, _ outcome: Outcome, _ institution: String) {
    face.headline = words.headline(outcome)
    face.advice = words.advice(outcome, institution: institution)
    face.amount = amount
    if let review { face.lines = [line(.payee, review.payeeName)] }
    if let payOrderNo { face.lines.append(line(.order, String(payOrderNo.suffix(6)))) }
    face.primary = .init(title: words.done, action: .close)
    switch outcome {
    case .paid(let receipt):
      face.mark = .tick
      face.lines.append(line(.time, words.time(receipt.timeS)))
    case .unresolved:
      face.mark = .clock
      face.primary = .init(title: words.ask, action: .ask)
    case .notPaid(let reason):
      face.mark = .dash
      if reason.todo == .tryAgain { face.primary = .init(title: words.again, action: .again) }
    case .cancelled:
      face.mark = .dash
    }
  }

  private func lines(_ review: Review) -> [SheetFace.Line] {
    var lines = [line(.payee, review.payeeName)]
    if let claimed = review.claimedName { lines.append(line(.claimed, claimed)) }
    return lines + [line(.item, review.item), line(.funding, review.funding)]
  }

  private func line(_ name: Words.Line, _ value: String) -> SheetFace.Line {
    .init(name: words.line(name), value: value)
  }

  private var amount: String? { review.map { "¥\($0.amountYuan)" } }
}
