import Foundation
import MsgPay

/// What can go wrong with a handset, to be switched on and off at any time, from any thread.
public final class Faults: Sendable {
  /// How a capability behaves badly.
  public enum Fault: Sendable {
    /// It fails in the documented way.
    case fails
    /// It throws an error of its own, with this text in it.
    case throwsText(String)
    /// It comes back after this time only; the library waits for ten seconds.
    case sleeps(seconds: TimeInterval)
    /// It calls this before it answers.
    case calls(@Sendable () -> Void)
  }

  private struct State {
    var keystore: Fault?
    var vault: Fault?
    var clockAheadMs: Int64 = 0
  }

  private let state = Locked(State())

  /// Of the keystore.
  public var keystore: Fault? {
    get { state.use { $0.keystore } }
    set { state.use { $0.keystore = newValue } }
  }

  /// Of the vault.
  public var vault: Fault? {
    get { state.use { $0.vault } }
    set { state.use { $0.vault = newValue } }
  }

  /// How much later than now the clock says it is.
  public var clockAheadMs: Int64 {
    get { state.use { $0.clockAheadMs } }
    set { state.use { $0.clockAheadMs = newValue } }
  }

  static func meet(_ fault: Fault?) throws {
    switch fault {
    case nil: break
    case .fails: throw HostFailure.Failed
    case .throwsText(let text): throw OwnError(text: text)
    case .sleeps(let seconds): Thread.sleep(forTimeInterval: seconds)
    case .calls(let body): body()
    }
  }
}

/// An error as an application might throw it, with a text that must not get anywhere.
private struct OwnError: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
