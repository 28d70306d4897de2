#if canImport(Security)
  import Foundation
  import LocalAuthentication
  import Security

  /// The Secure Enclave, by way of the Keychain. What it decides is `EnclaveKeystore`'s and `EnclaveSigner`'s.
  public struct SystemKeys: SecureKeys {
    public init() {}

    public func makeKey(_ tag: Data, under guard: KeyGuard) throws(KeyRefusal) -> Data {
      var flags: SecAccessControlCreateFlags = [.privateKeyUsage]
      // A device key signs also while a payment is asked about behind a locked screen; a biometric key never does.
      var reach = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
      var label = ""
      if `guard` == .biometric {
        flags.insert(.biometryCurrentSet)
        reach = kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly
        if case .ready(let enrolment?) = biometry() { label = enrolment.base64EncodedString() }
      }
      guard let access = SecAccessControlCreateWithFlags(nil, reach, flags, nil) else { throw .failed }
      let attributes: [CFString: Any] = [
        kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
        kSecAttrKeySizeInBits: 256,
        kSecAttrTokenID: kSecAttrTokenIDSecureEnclave,
        kSecAttrLabel: label,
        kSecPrivateKeyAttrs: [
          kSecAttrIsPermanent: true, kSecAttrApplicationTag: tag, kSecAttrAccessControl: access,
        ] as [CFString: Any],
      ]
      guard let key = SecKeyCreateRandomKey(attributes as CFDictionary, nil), let open = SecKeyCopyPublicKey(key),
        let point = SecKeyCopyExternalRepresentation(open, nil)
      else { throw .failed }
      return point as Data
    }

    public func sign(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data {
      // No key of this call may show a prompt.
      let silent = LAContext()
      silent.interactionNotAllowed = true
      return try signature(over: message, by: tag, in: silent)
    }

    public func forgetKey(_ tag: Data) throws(KeyRefusal) {
      let status = SecItemDelete(query(tag) as CFDictionary)
      guard status == errSecSuccess || status == errSecItemNotFound else { throw .failed }
    }

    public func biometry() -> Biometry {
      let context = LAContext()
      var error: NSError?
      let can = context.canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: &error)
      return Biometry(error: can ? nil : (error?.code ?? 0), enrolment: context.evaluatedPolicyDomainState)
    }

    public func enrolment(of tag: Data) -> Data? {
      var query = query(tag)
      query[kSecReturnAttributes] = true
      var found: CFTypeRef?
      guard SecItemCopyMatching(query as CFDictionary, &found) == errSecSuccess,
        let label = (found as? [CFString: Any])?[kSecAttrLabel] as? String, !label.isEmpty
      else { return nil }
      return Data(base64Encoded: label)
    }

    public func prompt(_ words: Words, orPassword: Bool) -> any BiometricPrompt {
      SystemPrompt(self, words, orPassword)
    }

    fileprivate func signature(over message: Data, by tag: Data, in context: LAContext) throws(KeyRefusal) -> Data {
      var query = query(tag)
      query[kSecReturnRef] = true
      query[kSecUseAuthenticationContext] = context
      var found: CFTypeRef?
      let status = SecItemCopyMatching(query as CFDictionary, &found)
      guard status == errSecSuccess else { throw KeyRefusal(keychain: Int(status)) }
      guard let found, CFGetTypeID(found) == SecKeyGetTypeID() else { throw .failed }
      // The type was asked for above.
      let key = unsafeDowncast(found, to: SecKey.self)
      var failure: Unmanaged<CFError>?
      let algorithm = SecKeyAlgorithm.ecdsaSignatureMessageX962SHA256
      if let der = SecKeyCreateSignature(key, algorithm, message as CFData, &failure) { return der as Data }
      guard let failure = failure?.takeRetainedValue() else { throw .failed }
      let code = CFErrorGetCode(failure)
      switch CFErrorGetDomain(failure) as String {
      case LAErrorDomain: throw KeyRefusal(localAuthentication: code)
      case NSOSStatusErrorDomain: throw KeyRefusal(keychain: code)
      // By its text: the framework itself is not needed.
      case "CryptoTokenKit": throw KeyRefusal(token: code)
      default: throw .failed
      }
    }

    private func query(_ tag: Data) -> [CFString: Any] {
      [
        kSecClass: kSecClassKey, kSecAttrKeyClass: kSecAttrKeyClassPrivate, kSecAttrApplicationTag: tag,
        kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
      ]
    }
  }

  extension Phone {
    /// This one: keys in the Secure Enclave, records in a folder of the application's own.
    ///
    /// - Throws: `.host(.vault)` when the folder cannot be used.
    public static func this() throws(MsgPayError) -> Phone {
      let support = FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask)
      guard let folder = support.first?.appendingPathComponent("io.msgpay") else { throw .host(.vault) }
      return Phone(keystore: EnclaveKeystore(), vault: try FileVault(folder: folder))
    }
  }

  extension MsgPay {
    /// For this phone; the requests go by the system's own network.
    ///
    /// - Throws: As `open(_:phone:transport:)`.
    public static func open(_ config: MsgPayConfig) async throws(MsgPayError) -> MsgPay {
      try await open(config, phone: try .this())
    }
  }

  extension EnclaveKeystore {
    /// This phone's.
    public convenience init() {
      self.init(SystemKeys())
    }
  }

  extension EnclaveSigner {
    /// This phone's.
    public init(words: Words = .preferred) {
      self.init(SystemKeys(), words: words)
    }
  }

  /// `@unchecked`: a context may be invalidated from any thread, which is all that happens beside its one use.
  private final class SystemPrompt: BiometricPrompt, @unchecked Sendable {
    private let keys: SystemKeys
    private let context = LAContext()

    init(_ keys: SystemKeys, _ words: Words, _ orPassword: Bool) {
      self.keys = keys
      context.localizedReason = words.promptReason
      // An empty title takes the button away; none at all would be the system's own.
      context.localizedFallbackTitle = orPassword ? words.typeInstead : ""
      context.localizedCancelTitle = words.close
    }

    func sign(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data {
      try keys.signature(over: message, by: tag, in: context)
    }

    func dismiss() {
      context.invalidate()
    }
  }
#endif
