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
    [amount, headline, advice, note].compactMap { $0 }.joined(separator: pause)
  }
  /// Between two sentences, in the page's language.
  fileprivate let pause: String
}

extension SheetDesk {
  /// The page that is shown now.
  public var face: SheetFace {
    var face = SheetFace(
      title: institution ?? words.title(errand), close: .init(title: words.close, action: .close),
      pause: words.language == .chinese ? "，" : ". ")
    face.note = note
    face.amount = amount
    switch page {
    case .busy(let what):
      face.mark = .busy
      face.headline = words.busy(what)
    case .review(let review):
      face.headline = words.headline(review.errand)
      face.lines = lines(review)
      face.primary = .init(title: accept(review), action: .accept)
    case .keypad(let desk):
      face.headline = words.title(desk.entry.purpose)
      face.advice = words.note(desk.entry.purpose)
      let (filled, cells) = (desk.count, desk.entry.lengths.upperBound)
      face.cells = .init(filled: filled, count: cells, spoken: words.entered(filled, of: cells))
    case .unresolved:
      end(&face, .payment(.unresolved(institution: "", payOrderNo: payOrderNo ?? "")))
    case .result(let ending):
      end(&face, ending)
    }
    return face
  }

  private func end(_ face: inout SheetFace, _ ending: SheetEnding) {
    let institution = institution ?? words.institution
    switch ending {
    case .payment(let outcome):
      face.headline = words.headline(outcome)
      face.advice = words.advice(outcome, institution: institution)
    case .password(let outcome): (face.headline, face.advice) = words.end(outcome, institution: institution)
    case .biometric(let outcome): (face.headline, face.advice) = words.end(outcome, institution: institution)
    }
    if case .payment(let review) = review { face.lines = [line(.payee, review.payeeName)] }
    if let payOrderNo { face.lines.append(line(.order, String(payOrderNo.suffix(6)))) }
    if case .payment(.paid(let receipt)) = ending { face.lines.append(line(.time, words.time(receipt.timeS))) }
    face.mark = ending.isUnresolved ? .clock : ending.reason == nil && !ending.isCancelled ? .tick : .dash
    face.primary = primary(ending)
  }

  private func primary(_ ending: SheetEnding) -> SheetFace.Button {
    if case .payment(.unresolved) = ending { return .init(title: words.ask, action: .ask) }
    if canRepeat, ending.reason?.todo == .tryAgain || ending.isUnresolved {
      return .init(title: words.again, action: .again)
    }
    return .init(title: words.done, action: .close)
  }

  private func accept(_ review: SheetReview) -> String {
    if case .payment(let order) = review { words.pay(yuan: order.amountYuan) } else { words.goOn }
  }

  private func lines(_ review: SheetReview) -> [SheetFace.Line] {
    switch review {
    case .payment(let order):
      let claimed = order.claimedName.map { [line(.claimed, $0)] } ?? []
      return [line(.payee, order.payeeName)] + claimed + [line(.item, order.item), line(.funding, order.funding)]
    case .password(let review):
      return [line(.wallet, review.mobileMasked)]
    case .biometric(let review):
      let alone = review.aloneFenMax > 0 ? [line(.alone, words.yuan(fen: review.aloneFenMax))] : []
      return [line(.wallet, review.mobileMasked)] + alone
    }
  }

  private func line(_ name: Words.Line, _ value: String) -> SheetFace.Line {
    .init(name: words.line(name), value: value)
  }

  private var institution: String? {
    switch review {
    case .payment(let review): review.institutionName
    case .password(let review): review.institutionName
    case .biometric(let review): review.institutionName
    case nil: nil
    }
  }

  private var amount: String? {
    if case .payment(let order) = review { "¥\(order.amountYuan)" } else { nil }
  }
}

extension SheetReview {
  fileprivate var errand: Words.Errand {
    switch self {
    case .payment: .payment
    case .password: .password
    case .biometric: .biometric
    }
  }
}
