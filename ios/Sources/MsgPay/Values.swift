import MsgPayFFI

// The plain values of the library, under this module's name. They are immutable, `Sendable` and `Equatable`.

public typealias Outcome = MsgPayFFI.Outcome
public typealias PasswordOutcome = MsgPayFFI.PasswordOutcome
public typealias EnrolmentOutcome = MsgPayFFI.EnrolmentOutcome
public typealias ActivationOutcome = MsgPayFFI.ActivationOutcome
public typealias Reason = MsgPayFFI.Reason
public typealias Todo = MsgPayFFI.Todo
public typealias Why = MsgPayFFI.Why
public typealias Receipt = MsgPayFFI.Receipt
public typealias Membership = MsgPayFFI.Membership
public typealias OpenPayment = MsgPayFFI.OpenPayment

public typealias Review = MsgPayFFI.Review
public typealias PasswordReview = MsgPayFFI.PasswordReview
public typealias BiometricReview = MsgPayFFI.BiometricReview
public typealias Confirmation = MsgPayFFI.Confirmation

public typealias Surface = MsgPayFFI.Surface
public typealias EntryUse = MsgPayFFI.EntryUse
public typealias KeyAction = MsgPayFFI.KeyAction
public typealias Language = MsgPayFFI.Language

public typealias Request = MsgPayFFI.Request
public typealias Header = MsgPayFFI.Header
public typealias Answer = MsgPayFFI.Answer
public typealias Pins = MsgPayFFI.Pins

public typealias Phone = MsgPayFFI.Phone
public typealias KeystoreHost = MsgPayFFI.KeystoreHost
public typealias VaultHost = MsgPayFFI.VaultHost
public typealias ClockHost = MsgPayFFI.ClockHost
public typealias HostFailure = MsgPayFFI.HostFailure
public typealias Suite = MsgPayFFI.Suite
public typealias KeyGuard = MsgPayFFI.KeyGuard

public typealias ConfigFault = MsgPayFFI.ConfigFault
public typealias CallFault = MsgPayFFI.CallFault
public typealias HostFault = MsgPayFFI.HostFault
public typealias KeypadFault = MsgPayFFI.KeypadFault

extension Phone {
  /// A handset with the system's own clock.
  public init(keystore: any KeystoreHost, vault: any VaultHost) {
    self.init(keystore: keystore, vault: vault, clock: nil)
  }
}
