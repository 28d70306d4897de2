// The shapes of LocalAuthentication's declarations that `MsgPay` uses; see UIKit.swift.
import Foundation

public let LAErrorDomain = ""

public enum LAPolicy: Int { case deviceOwnerAuthenticationWithBiometrics }

open class LAContext: NSObject {
  open var interactionNotAllowed = false
  open var localizedReason = ""
  open var localizedFallbackTitle: String?
  open var localizedCancelTitle: String?
  open var evaluatedPolicyDomainState: Data? { nil }
  open func canEvaluatePolicy(_ policy: LAPolicy, error: UnsafeMutablePointer<NSError?>?) -> Bool { false }
  open func invalidate() {}
}
