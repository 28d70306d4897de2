// The shapes of CryptoKit's declarations that `MsgPay` uses; see UIKit.swift.
import Foundation

public struct SHA256Digest: Sequence, Sendable {
  public func makeIterator() -> Array<UInt8>.Iterator { [UInt8]().makeIterator() }
}

public enum SHA256 {
  public static func hash(data: some DataProtocol) -> SHA256Digest { SHA256Digest() }
}
