import Foundation

/// Has one entry typed, on a keypad that the entry opens.
public protocol EntryScreen: Sendable {
  /// Gives the sealed entry, or nothing when the person turned back.
  func type(_ entry: Entry) async throws -> SealedEntry?
}

/// What a payment shows. Its methods run in the task that pays: they notice its cancellation, and return.
public protocol PaymentScreens: EntryScreen {
  /// Shows the order; says whether the person goes on.
  func review(_ review: Review) async throws -> Bool
  /// Has the phone's own prompt release the key.
  func confirm(_ confirmation: Confirmation) async throws -> BiometricAnswer
  /// The result is not known yet, for the `round`th time, from 0: shows so, and says whether to ask the institution.
  func unresolved(round: Int) async throws -> Bool
}

/// What the setting of a password shows.
public protocol PasswordScreens: EntryScreen {
  /// Shows whose password it is; says whether the person goes on.
  func review(_ review: PasswordReview) async throws -> Bool
}

extension PaymentScreens {
  /// For an application without biometric keys: the password where the rules let it, else back.
  public func confirm(_ confirmation: Confirmation) async throws -> BiometricAnswer {
    confirmation.orPassword ? .byPassword : .cancelled
  }

  /// Asks five times, each time after twice as long, without showing anything.
  public func unresolved(round: Int) async throws -> Bool {
    guard round < 5 else { return false }
    try await Task.sleep(nanoseconds: 500_000_000 << UInt64(round))
    return true
  }
}

extension MsgPay {
  /// A whole payment by a card's `msgpay://` link. When the task is cancelled, the payment is turned back, and the
  /// outcome tells what came of it.
  ///
  /// - Throws: ``MsgPayError``, and what the screens throw: the payment is then turned back, and if a request had left,
  ///   it is among `unresolved`.
  public func pay(_ link: String, on screens: some PaymentScreens) async throws -> Outcome {
    try await run(try await launch(link), on: screens)
  }

  /// Goes on with a payment that was launched, or asks about one by `resolve`. A result that stays unknown after several
  /// questions is the outcome `.unresolved`.
  ///
  /// - Throws: As `pay`.
  public func run(_ payment: Payment, on screens: some PaymentScreens) async throws -> Outcome {
    var (rounds, works) = (0, 0)
    do {
      while let step = try await payment.next() {
        switch step {
        case .review(let step):
          if try await screens.review(step.review) { try step.accept() } else { return try await payment.cancel() }
        case .enterPassword(let entry):
          guard let sealed = try await screens.type(entry) else { return try await payment.cancel() }
          try entry.entered(sealed)
        case .confirmBiometric(let step):
          guard try step.take(try await screens.confirm(step.confirmation)) else { return try await payment.cancel() }
        case .working:
          works += 1
          if works > worksMax { return try await payment.cancel() }
        case .unresolved(let question):
          let goesOn = try await screens.unresolved(round: rounds)
          rounds += 1
          if goesOn { try question.ask() } else { return try await payment.cancel() }
        case .concluded(let outcome):
          return outcome
        }
      }
      throw MsgPayError.call(.outOfTurn)
    } catch is CancellationError {
      // A screen that noticed it, such as one that slept: the outcome tells whether a request had left.
      return try await payment.cancel()
    } catch {
      // What is thrown tells more than a second failure of the same session would.
      _ = try? await payment.cancel()
      throw error
    }
  }

  /// Sets the wallet's password, from the review to the institution's word.
  ///
  /// - Throws: As `pay`.
  public func setPassword(at institution: String, on screens: some PasswordScreens) async throws -> PasswordOutcome {
    let setup = try await setPassword(at: institution)
    do {
      while let step = try await setup.next() {
        switch step {
        case .review(let step):
          if try await screens.review(step.review) { try step.accept() } else { return try await setup.cancel() }
        case .enterPassword(let entry):
          guard let sealed = try await screens.type(entry) else { return try await setup.cancel() }
          try entry.entered(sealed)
        case .concluded(let outcome):
          return outcome
        case .confirmBiometric, .working, .unresolved:
          throw MsgPayError.call(.broken)
        }
      }
      throw MsgPayError.call(.outOfTurn)
    } catch is CancellationError {
      return try await setup.cancel()
    } catch {
      _ = try? await setup.cancel()
      throw error
    }
  }
}

/// An institution that works on it longer is asked about it another time.
private let worksMax = 5
