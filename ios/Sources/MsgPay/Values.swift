import MsgPayFFI

// The plain values of the library, under this module's name. They are immutable, `Sendable` and `Equatable`.

/// The end of a payment: paid, not paid, turned back, or not known yet.
public typealias Outcome = MsgPayFFI.Outcome
/// The end of setting a password.
public typealias PasswordOutcome = MsgPayFFI.PasswordOutcome
/// The end of enrolling a biometric key.
public typealias EnrolmentOutcome = MsgPayFFI.EnrolmentOutcome
/// The end of one try to activate.
public typealias ActivationOutcome = MsgPayFFI.ActivationOutcome
/// Why it came to nothing, and what to do now.
public typealias Reason = MsgPayFFI.Reason
/// The action that fits a reason.
public typealias Todo = MsgPayFFI.Todo
/// What happened, for choosing a sentence.
public typealias Why = MsgPayFFI.Why
/// The institution's signed word, in plain values and as the signed bytes for the record.
public typealias Receipt = MsgPayFFI.Receipt
/// Who this handset is at an institution.
public typealias Membership = MsgPayFFI.Membership
/// An order whose last request has no verified receipt yet.
public typealias OpenPayment = MsgPayFFI.OpenPayment

/// The verified order: payee, amount, item, expiry.
public typealias Review = MsgPayFFI.Review
/// The verified setting of a password: whose it is.
public typealias PasswordReview = MsgPayFFI.PasswordReview
/// The verified enrolment of a biometric key: whose it is, and what it may do alone.
public typealias BiometricReview = MsgPayFFI.BiometricReview
/// What a biometric key is to sign.
public typealias Confirmation = MsgPayFFI.Confirmation

/// What an application promises of the surface that a keypad is drawn on.
public typealias Surface = MsgPayFFI.Surface
/// What an entry is for.
public typealias EntryUse = MsgPayFFI.EntryUse
/// What a touch of a key calls.
public typealias KeyAction = MsgPayFFI.KeyAction
/// The language of a keypad that is listened to.
public typealias Language = MsgPayFFI.Language

/// Who sends a message of a page, as the web view says it, not the page.
public typealias PageSender = MsgPayFFI.PageSender
/// A text for one document of a web view.
public typealias PageMessage = MsgPayFFI.PageMessage

/// A request, complete and signed, to be sent once as it is.
public typealias Request = MsgPayFFI.Request
/// A header of a request.
public typealias Header = MsgPayFFI.Header
/// What came back, not believed yet.
public typealias Answer = MsgPayFFI.Answer
/// What a transport of the application's own needs of an institution.
public typealias Pins = MsgPayFFI.Pins

/// The capabilities of one handset.
public typealias Phone = MsgPayFFI.Phone
/// Holds the keys. Called on a thread of the library; a call that takes over ten seconds counts as failed.
public typealias KeystoreHost = MsgPayFFI.KeystoreHost
/// Keeps small records, durably, on this handset only. Called as a keystore is.
public typealias VaultHost = MsgPayFFI.VaultHost
/// Another clock than the system's, for tests.
public typealias ClockHost = MsgPayFFI.ClockHost
/// What a capability throws. Whatever else it throws counts as this, unread.
public typealias HostFailure = MsgPayFFI.HostFailure
/// A family of algorithms.
public typealias Suite = MsgPayFFI.Suite
/// When a key may be used.
public typealias KeyGuard = MsgPayFFI.KeyGuard

/// What is wrong with a configuration.
public typealias ConfigFault = MsgPayFFI.ConfigFault
/// Why a call does not fit.
public typealias CallFault = MsgPayFFI.CallFault
/// Which capability of the host failed.
public typealias HostFault = MsgPayFFI.HostFault
/// Why a keypad refused.
public typealias KeypadFault = MsgPayFFI.KeypadFault

extension Phone {
  /// A handset with the system's own clock, which the library reads: each press asks it.
  public init(keystore: any KeystoreHost, vault: any VaultHost) {
    self.init(keystore: keystore, vault: vault, clock: nil)
  }
}
