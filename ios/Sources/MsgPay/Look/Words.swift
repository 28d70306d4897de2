import Foundation

/// What a payment says to a person, in one language at a time: what happened and whether money moved, then what to do.
public struct Words: Sendable {
  /// Which language.
  public let language: Language

  /// Of this language.
  public init(_ language: Language) {
    self.language = language
  }

  /// Chinese where it comes first, of whichever region; English for everybody else.
  public init(preferred languages: [String]) {
    let isChinese = languages.first.map { $0.lowercased().hasPrefix("zh") } ?? true
    self.init(isChinese ? .chinese : .english)
  }

  /// In the language of this phone's person.
  public static var preferred: Words { Words(preferred: Locale.preferredLanguages) }

  /// The one action of a review.
  public func pay(yuan: String) -> String { say("支付 ¥\(yuan)", "Pay ¥\(yuan)") }
  /// Over the keypad.
  public func title(_ use: EntryUse) -> String {
    switch use {
    case .passwordNew: say("设置支付密码", "Choose a payment password")
    case .passwordRepeat: say("再输入一次", "Enter it again")
    case .password, .other: say("输入支付密码", "Enter your payment password")
    }
  }
  /// Under the title.
  public func note(_ use: EntryUse) -> String {
    switch use {
    case .passwordNew: say("六位数字，不要用重复或连续的数字", "Six digits, no repeats and no sequences")
    case .passwordRepeat: say("按键已重新打乱", "The keys have been shuffled again")
    case .password, .other: say("安全键盘：按键随机排列，逐键加密", "Secure keypad: shuffled, each press sealed")
    }
  }
  /// For whoever does not see: how far the entry is, and nothing else.
  public func entered(_ count: Int, of length: Int) -> String {
    say("密码输入，已输入 \(count) 位，共 \(length) 位", "Password entry, \(count) of \(length) entered")
  }
  /// A key for whoever does not see; the same for all that are shuffled.
  public func key(_ action: KeyAction) -> String {
    switch action {
    case .slot: say("键", "Key")
    case .delete: say("退格", "Delete")
    case .confirm: say("确认", "Confirm")
    case .page: say("换一页按键", "Other keys")
    }
  }
  /// Over whatever takes its time.
  public func busy(_ what: Busy) -> String {
    switch what {
    case .connecting: say("正在连接支付机构", "Connecting to the institution")
    case .prompt: say("请验证指纹或面容", "Use your finger or face")
    case .working: say("支付机构处理中", "The institution is working on it")
    }
  }
  /// What takes its time.
  public enum Busy: Sendable, Equatable {
    /// The order is asked for, or the entry is on its way.
    case connecting
    /// The phone's own prompt is shown.
    case prompt
    /// The institution works on the payment.
    case working
  }
  /// The name of a line of an order.
  public func line(_ line: Line) -> String {
    switch line {
    case .payee: say("收款方", "Payee")
    case .claimed: say("商户自称", "Calls itself")
    case .item: say("商品", "For")
    case .funding: say("付款方式", "Paid from")
    case .wallet: say("钱包手机号", "Wallet's number")
    case .alone: say("免输密码上限", "Without password up to")
    case .order: say("订单尾号", "Order ending in")
    case .time: say("时间", "Time")
    }
  }
  /// A line of an order.
  public enum Line: Sendable, Equatable {
    /// The registered name.
    case payee
    /// The merchant's own word for itself.
    case claimed
    /// The merchant's words.
    case item
    /// Where the money comes from.
    case funding
    /// The wallet's mobile number, masked.
    case wallet
    /// The largest payment that needs no password.
    case alone
    /// The last characters of the order's number.
    case order
    /// When the institution concluded.
    case time
  }
  /// A moment, by this phone's clock and zone.
  public func time(_ unixS: Int64) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd HH:mm"
    return format.string(from: Date(timeIntervalSince1970: TimeInterval(unixS)))
  }
  /// What an errand is.
  public enum Errand: Sendable, Equatable {
    /// A payment: its amount says it.
    case payment
    /// The setting of a password.
    case password
    /// The enrolment of a biometric key.
    case biometric
    /// The activation of this phone.
    case activation
  }
  /// Over a review; nothing where the amount says enough.
  public func headline(_ errand: Errand) -> String? {
    switch errand {
    case .payment: nil
    case .password: say("设置支付密码", "Set your payment password")
    case .biometric: say("开通指纹或面容付款", "Pay by your finger or face")
    case .activation: say("激活本机", "Activate this phone")
    }
  }
  /// The one action of a review that pays nothing.
  public var goOn: String { say("继续", "Go on") }
  /// An amount.
  public func yuan(fen: Int64) -> String {
    let cents = String(fen % 100)
    return "¥\(fen / 100).\(cents.count < 2 ? "0" : "")\(cents)"
  }
  /// The two lines of a password's end.
  public func end(_ outcome: PasswordOutcome, institution: String) -> (headline: String, advice: String) {
    switch outcome {
    case .set: (say("支付密码已设置", "Your password is set"), advice(.signed, institution))
    case .notSet(let reason): (what(reason.why, of: .password), todo(reason, of: .password))
    case .cancelled: (say("已取消，未设置", "Turned back; no password was set"), advice(.later, institution))
    case .unresolved: (say("还没有收到答复", "No answer came"), advice(.anew, institution))
    }
  }
  /// The two lines of an enrolment's end.
  public func end(_ outcome: EnrolmentOutcome, institution: String) -> (headline: String, advice: String) {
    switch outcome {
    case .enrolled: (say("指纹或面容付款已开通", "Your finger or face pays now"), advice(.signed, institution))
    case .notEnrolled(let reason): (what(reason.why, of: .biometric), todo(reason, of: .biometric))
    case .cancelled: (say("已取消，未开通", "Turned back; nothing was changed"), advice(.later, institution))
    case .unresolved: (say("还没有收到答复", "No answer came"), advice(.anew, institution))
    }
  }
  private enum Advice { case signed, later, anew }
  private func advice(_ advice: Advice, _ institution: String) -> String {
    switch advice {
    case .signed: say("由\(institution)签名确认", "Confirmed by \(institution) with its signature")
    case .later: say("可以随时再来", "You can come back at any time")
    case .anew: say("请再来一次，不会扣款", "Do it again; no money moves")
    }
  }
  /// Over a sheet that knows no institution yet: what it is there for.
  public func title(_ errand: Errand) -> String { headline(errand) ?? say("付款", "Payment") }
  /// Who signs, where its name is not known: a payment that is only asked about shows no order.
  public var institution: String { say("支付机构", "the institution") }
  /// Leaves an end.
  public var done: String { say("完成", "Done") }
  /// Launches the same link again.
  public var again: String { say("再试一次", "Try again") }
  /// A keypad that was wiped.
  public var wiped: String { say("输入已清除，请重新输入", "Your entry was cleared; enter it again") }
  /// Over the covered screen while it is recorded or shown elsewhere.
  public var captured: String { say("录屏或投屏时不能输入密码", "No password while the screen is recorded or shared") }
  /// In the phone's own prompt, which does not know whether it confirms a payment or an enrolment.
  public var promptReason: String { say("请用指纹或面容确认", "Confirm with your finger or face") }
  /// The prompt's other way.
  public var typeInstead: String { say("输入支付密码", "Type the password") }
  /// Over the covered keypad of somebody who would have to listen in public.
  public var overheard: String { say("请戴上有线耳机，按键会读给您一个人听", "Put on wired headphones: the keys are read to you alone") }
  /// Why the keypad is covered.
  public func cover(_ cover: KeypadDesk.Cover) -> String? {
    switch cover {
    case .recorded: captured
    case .overheard: overheard
    case .hidden: nil
    }
  }
  /// A keypad's confirmation that came too early.
  public var tooShort: String { say("还没有输完", "Not complete yet") }
  /// Turns back.
  public var close: String { say("关闭", "Close") }

  /// The first line of an end.
  public func headline(_ outcome: Outcome) -> String {
    switch outcome {
    case .paid: say("支付成功", "Paid")
    case .notPaid(let reason): what(reason.why)
    case .cancelled: say("已取消，未扣款", "Turned back; nothing was charged")
    case .unresolved: say("结果确认中，请勿重复付款", "Being confirmed. Please do not pay again")
    }
  }
  /// The second line of an end.
  public func advice(_ outcome: Outcome, institution: String) -> String {
    switch outcome {
    case .paid: say("由\(institution)签名确认", "Confirmed by \(institution) with its signature")
    case .notPaid(let reason): todo(reason)
    case .cancelled: say("可以随时重新支付", "You can pay at any time")
    case .unresolved:
      say("还没有收到支付机构的答复。查询不会再次扣款。", "The institution has not answered yet. Asking never charges you twice.")
    }
  }
  /// The one button of an end that is not known.
  public var ask: String { say("查询结果", "Check the result") }

  /// What to do now.
  public func todo(_ reason: Reason, of errand: Errand = .payment) -> String {
    if reason.why == .wrongPassword, let left = reason.triesLeft {
      return say("还可尝试 \(left) 次", left == 1 ? "1 try left" : "\(left) tries left")
    }
    switch reason.todo {
    case .tryAgain: return say("请再试一次", "Try again")
    case .otherWay where errand == .payment: return say("请换一种方式付款", "Use another way to pay")
    case .otherWay: return say("请换一种方式办理", "Use another way to do it")
    case .askInstitution: return say("请联系支付机构", "Ask the institution")
    case .nothing: return say("无需再操作", "Nothing left to do")
    }
  }

  /// What happened, and what did not: whether money moved, or what an errand that moves none has left undone.
  public func what(_ why: Why, of errand: Errand = .payment) -> String {
    let undone = undone(errand)
    func not(_ chinese: String, _ english: String) -> String { say("\(chinese)，\(undone)", "\(english); \(undone)") }
    return switch why {
    case .linkNotGenuine: not("支付链接无法验证", "The link is not genuine")
    case .linkExpired: not("支付链接已过期", "The link has expired")
    case .otherWallet: not("这笔订单属于另一个钱包", "This order is another wallet's")
    case .notActivated: not("本机尚未激活", "This phone is not activated")
    case .noConnection: not("无法连接支付机构", "The institution cannot be reached")
    case .answerNotGenuine: not("应答无法验证", "The answer is not genuine")
    case .olderRules: not("支付机构的规则刚刚更新", "The institution's rules have just changed")
    case .notAllowed: not("支付机构不允许这种方式", "The institution does not allow this")
    case .suite: not("密码套件与支付机构的策略不符", "Another suite of algorithms than is allowed")
    case .tookTooLong: not("停留过久已退出", "Too much time passed")
    case .wrongPassword: not("支付密码不正确", "Wrong password")
    case .locked: not("密码多次错误已锁定", "Locked after wrong passwords")
    case .alreadyPaid: say("订单此前已支付，未重复扣款", "The order is paid already; nothing was charged again")
    case .orderClosed: not("订单已关闭", "The order is closed")
    case .inProgress: say("订单正在支付中", "The order is being paid")
    case .voided: not("上一次请求已作废", "The last request was voided")
    case .weakPassword: say("密码过于简单，未设置", "The password is too easy to guess; it was not set")
    case .passwordsDiffer: say("两次输入不一致，未设置", "The two entries differ; the password was not set")
    case .passwordState where errand == .password: say("支付密码此前已设置，未更改", "A password is set already; it was not changed")
    case .passwordState: not("支付密码尚未设置", "No password is set yet")
    case .activationCode: say("激活码无效", "The activation code is not valid")
    case .biometricLost: not("手机已更换指纹或面容", "The phone has another finger or face")
    case .biometric: not("生物识别未通过", "The biometric was not taken")
    case .refused("5G-3004"): not("余额不足", "Not enough money")
    case .refused("5G-3005"): not("超出限额", "Over the limit")
    case .refused: not("支付机构拒绝了请求", "The institution refused")
    }
  }

  private func undone(_ errand: Errand) -> String {
    switch errand {
    case .payment: say("未扣款", "nothing was charged")
    case .password: say("未设置", "no password was set")
    case .biometric: say("未开通", "nothing was changed")
    case .activation: say("未激活", "it was not activated")
    }
  }

  private func say(_ chinese: String, _ english: String) -> String {
    language == .chinese ? chinese : english
  }
}
