// What `MsgPay` has on a phone only; see UIKit.swift.
import MsgPay

extension EnclaveSigner {
  public init(words: Words = .preferred) {
    fatalError()
  }
}
