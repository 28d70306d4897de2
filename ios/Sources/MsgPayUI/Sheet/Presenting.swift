#if canImport(UIKit)
  import MsgPay
  import UIKit

  extension MsgPay {
    /// A whole payment in the sheet: review, keypad, finger or face, end. Returns when the sheet is gone.
    ///
    /// - Throws: As `pay(_:on:)`; `.call(.outOfTurn)` when the presenter is not on the screen, or shows something already.
    @MainActor
    public func pay(
      _ link: String, presentingFrom presenter: UIViewController, signer: (any BiometricSigner)? = EnclaveSigner()
    ) async throws -> Outcome {
      try await present(from: presenter, signer: signer) { try await $0.pay(link) }
    }

    /// After the process died: asks in the sheet about the order that it was at. Nothing when nothing had left.
    ///
    /// - Throws: As `pay(_:on:)`.
    @MainActor
    public func restore(_ payOrderNo: String, presentingFrom presenter: UIViewController) async throws -> Outcome? {
      guard let payment = try await restore(payOrderNo) else { return nil }
      return try await present(from: presenter, signer: nil) { try await $0.resume(payment) }
    }

    /// Sets the wallet's password in the sheet.
    ///
    /// - Throws: As `pay(_:on:)`.
    @MainActor
    public func setPassword(
      at institution: String, presentingFrom presenter: UIViewController
    ) async throws -> PasswordOutcome {
      try await present(from: presenter, signer: nil) { try await $0.setPassword(at: institution) }
    }

    /// Enrols this phone's finger or face in the sheet, by the password.
    ///
    /// - Throws: As `pay(_:on:)`.
    @MainActor
    public func enrolBiometric(
      at institution: String, presentingFrom presenter: UIViewController,
      signer: any BiometricSigner = EnclaveSigner()
    ) async throws -> EnrolmentOutcome {
      try await present(from: presenter, signer: signer) { try await $0.enrolBiometric(at: institution) }
    }

    @MainActor
    private func present<Ending: Sendable>(
      from presenter: UIViewController, signer: (any BiometricSigner)?, _ run: (SheetDesk) async throws -> Ending
    ) async throws -> Ending {
      guard MsgPaySheet.canRise(over: presenter) else { throw MsgPayError.call(.outOfTurn) }
      let desk = SheetDesk(
        self, surface: MsgPayKeypadView.surface, signer: signer, ear: MsgPayKeypadView.ear)
      let sheet = MsgPaySheet(desk)
      let risen = Task { await sheet.rise(over: presenter) }
      let ended: Result<Ending, any Error>
      do { ended = .success(try await run(desk)) } catch { ended = .failure(error) }
      await risen.value
      await sheet.sink()
      return try ended.get()
    }
  }
#endif
