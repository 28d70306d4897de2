import Foundation
import MsgPay
import MsgPayFFI

/// A phone's secure hardware without a phone: keys in files, and a prompt that a test answers.
///
/// For tests of `EnclaveKeystore` and `EnclaveSigner`, which run over it as they stand.
public final class DesktopKeys: SecureKeys {
  private struct State {
    var enrolment = 0
    /// Under which enrolment each biometric key was made.
    var made: [Data: Int] = [:]
    var biometry: Biometry?
    var answer: KeyRefusal?
    /// Gets word of a prompt that is held; nothing when none is.
    var held: (@Sendable () -> Void)?
    var prompts = 0
    var offersPassword = false
  }

  private let keystore: DesktopKeystore
  private let state = Locked(State())

  /// - Throws: `MsgPayError.host` when the folder cannot be used.
  public init(folder: URL) throws {
    keystore = try DesktopKeystore.open(folder: folder.path)
  }

  /// What `biometry` says; nothing for a reader that works.
  public func setBiometry(_ biometry: Biometry?) {
    state.use { $0.biometry = biometry }
  }

  /// What a prompt comes to; nothing for a finger laid on.
  public func setAnswer(_ refusal: KeyRefusal?) {
    state.use { $0.answer = refusal }
  }

  /// Prompts stay until they are taken away; `shown` is told of each.
  public func holdPrompts(_ shown: @escaping @Sendable () -> Void) {
    state.use { $0.held = shown }
  }

  /// How many prompts were shown.
  public var prompts: Int { state.use { $0.prompts } }

  /// Whether the last prompt offered to type the password instead.
  public var offersPassword: Bool { state.use { $0.offersPassword } }

  /// Another finger is enrolled: biometric keys are gone.
  ///
  /// - Parameter quietly: The hardware keeps such keys, as one that knows no better; only the enrolment tells.
  /// - Throws: When a key is still there.
  public func enrolAnotherFinger(quietly: Bool = false) throws {
    if !quietly { try keystore.enrolAnotherFinger() }
    state.use { $0.enrolment += 1 }
  }

  public func makeKey(_ tag: Data, under guard: KeyGuard) throws(KeyRefusal) -> Data {
    do {
      let point = try keystore.makeKey(name: name(tag), suite: .international, guard: `guard`)
      if `guard` == .biometric { state.use { $0.made[tag] = $0.enrolment } }
      return point
    } catch { throw .failed }
  }

  public func sign(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data {
    do { return der(try keystore.sign(name: name(tag), message: message)) } catch { throw .gone }
  }

  public func forgetKey(_ tag: Data) throws(KeyRefusal) {
    do { try keystore.forgetKey(name: name(tag)) } catch { throw .failed }
  }

  public func biometry() -> Biometry {
    state.use { $0.biometry ?? .ready(enrolment: Data([UInt8(clamping: $0.enrolment)])) }
  }

  public func enrolment(of tag: Data) -> Data? {
    state.use { state in state.made[tag].map { Data([UInt8(clamping: $0)]) } }
  }

  public func prompt(_ words: Words, orPassword: Bool) -> any BiometricPrompt {
    let held = state.use { state in
      state.offersPassword = orPassword
      return state.held
    }
    return DesktopPrompt(self, held)
  }

  fileprivate func prompted(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data {
    let answer = state.use { state in
      state.prompts += 1
      return state.answer
    }
    if let answer { throw answer }
    return try sign(message, by: tag)
  }

  private func name(_ tag: Data) -> String {
    String(decoding: tag, as: UTF8.self)
  }
}

private final class DesktopPrompt: BiometricPrompt {
  private let keys: DesktopKeys
  private let held: (@Sendable () -> Void)?
  private let taken = DispatchSemaphore(value: 0)

  init(_ keys: DesktopKeys, _ held: (@Sendable () -> Void)?) {
    (self.keys, self.held) = (keys, held)
  }

  func sign(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data {
    let signature = try keys.prompted(message, by: tag)
    guard let held else { return signature }
    held()
    taken.wait()
    throw .turnedBack
  }

  func dismiss() {
    taken.signal()
  }
}

/// `r ‖ s` as a phone's keys give it: DER's two integers.
private func der(_ fixed: Data) -> Data {
  func integer(_ bytes: Data) -> Data {
    let short = Data(bytes.drop { $0 == 0 })
    let body = (short.first ?? 0x80) >= 0x80 ? Data([0]) + short : short
    return Data([0x02, UInt8(body.count)]) + body
  }
  let body = integer(fixed.prefix(32)) + integer(fixed.suffix(32))
  return Data([0x30, UInt8(body.count)]) + body
}
