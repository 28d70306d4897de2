#if canImport(Security)
  import Foundation
  import LocalAuthentication
  import MsgPayFFI
  import Security

  /// Keys of the Secure Enclave: P-256, never readable, on this device only.
  ///
  /// A key under `.biometric` asks for a live finger or face at each signature and is gone once another one is enrolled.
  /// The enclave knows one suite, the international one; a key of another is refused, as the library asks for.
  public final class EnclaveKeystore: KeystoreHost {
    /// Why a biometric signature did not come.
    public enum Refusal: Error, Sendable {
      /// The person turned back, or chose the password.
      case turnedBack
      /// The phone has given the key up: another finger or face was enrolled, or all were removed.
      case keyGone
    }

    public init() {}

    public func makeKey(name: String, suite: Suite, `guard`: KeyGuard) throws -> Data {
      guard suite == .international else { throw HostFailure.Failed }
      try forgetKey(name: name)
      var flags: SecAccessControlCreateFlags = [.privateKeyUsage]
      // A device key signs also while a payment is asked about behind a locked screen; a biometric key never does.
      var reach = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
      if `guard` == .biometric {
        flags.insert(.biometryCurrentSet)
        reach = kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly
      }
      guard let access = SecAccessControlCreateWithFlags(nil, reach, flags, nil) else { throw HostFailure.Failed }
      let attributes: [CFString: Any] = [
        kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
        kSecAttrKeySizeInBits: 256,
        kSecAttrTokenID: kSecAttrTokenIDSecureEnclave,
        kSecPrivateKeyAttrs: [
          kSecAttrIsPermanent: true, kSecAttrApplicationTag: tag(name), kSecAttrAccessControl: access,
        ] as [CFString: Any],
      ]
      guard let key = SecKeyCreateRandomKey(attributes as CFDictionary, nil), let open = SecKeyCopyPublicKey(key),
        let point = SecKeyCopyExternalRepresentation(open, nil)
      else { throw HostFailure.Failed }
      return point as Data
    }

    public func sign(name: String, message: Data) throws -> Data {
      guard let key = try key(name, context: nil) else { throw HostFailure.Failed }
      return try signature(by: key, over: message)
    }

    public func forgetKey(name: String) throws {
      let status = SecItemDelete(query(name) as CFDictionary)
      guard status == errSecSuccess || status == errSecItemNotFound else { throw HostFailure.Failed }
    }

    /// Shows the phone's own prompt and signs. To be called off the main thread: it waits for the person.
    ///
    /// - Parameter context: Holds the prompt's words; `invalidate` takes the prompt away.
    /// - Throws: ``Refusal``; `HostFailure`.
    public func sign(_ confirmation: Confirmation, in context: LAContext) throws -> Data {
      guard let key = try key(confirmation.keyName, context: context) else { throw Refusal.keyGone }
      return try signature(by: key, over: confirmation.message)
    }

    private func signature(by key: SecKey, over message: Data) throws -> Data {
      var failure: Unmanaged<CFError>?
      let algorithm = SecKeyAlgorithm.ecdsaSignatureMessageX962SHA256
      guard let der = SecKeyCreateSignature(key, algorithm, message as CFData, &failure) else {
        throw refusal(failure?.takeRetainedValue())
      }
      guard let fixed = fixedSignature(fromDER: der as Data) else { throw HostFailure.Failed }
      return fixed
    }

    /// Which of the causes it was; the system's text goes nowhere.
    private func refusal(_ failure: CFError?) -> any Error {
      guard let failure, CFErrorGetDomain(failure) as String == LAErrorDomain else { return HostFailure.Failed }
      switch LAError.Code(rawValue: CFErrorGetCode(failure)) {
      case .userCancel, .userFallback, .systemCancel, .appCancel, .authenticationFailed: return Refusal.turnedBack
      case .biometryNotEnrolled, .passcodeNotSet, .invalidContext: return Refusal.keyGone
      default: return HostFailure.Failed
      }
    }

    private func key(_ name: String, context: LAContext?) throws -> SecKey? {
      var query = query(name)
      query[kSecReturnRef] = true
      if let context { query[kSecUseAuthenticationContext] = context }
      var found: CFTypeRef?
      switch SecItemCopyMatching(query as CFDictionary, &found) {
      case errSecSuccess: break
      case errSecItemNotFound: return nil
      default: throw HostFailure.Failed
      }
      guard let found, CFGetTypeID(found) == SecKeyGetTypeID() else { throw HostFailure.Failed }
      // The type was asked for above.
      return unsafeDowncast(found, to: SecKey.self)
    }

    private func query(_ name: String) -> [CFString: Any] {
      [
        kSecClass: kSecClassKey, kSecAttrKeyClass: kSecAttrKeyClassPrivate, kSecAttrApplicationTag: tag(name),
        kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
      ]
    }

    private func tag(_ name: String) -> Data {
      Data("io.msgpay.key.\(name)".utf8)
    }
  }
#endif
