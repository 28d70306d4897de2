import Foundation
import XCTest

@testable import MsgPay

final class KeyInfoTests: XCTestCase {
  /// The stage's authority certificate holds its own key info: ours of its point is found in it byte for byte.
  func testItIsWhatACertificateHolds() async throws {
    let house = try await House()
    let pem = String(decoding: try XCTUnwrap(house.stage.config.files["ca.pem"]), as: UTF8.self)
    let base64 = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    let der = try XCTUnwrap(Data(base64Encoded: base64))
    let start = try XCTUnwrap(der.range(of: Data([0x03, 0x42, 0x00, 0x04]))).lowerBound + 3
    let info = try XCTUnwrap(p256KeyInfo(point: Data(der[start..<start + 65])))
    XCTAssertEqual(info.count, 91)
    XCTAssertNotNil(der.range(of: info))
  }

  func testWhatIsNoPoint() {
    XCTAssertNil(p256KeyInfo(point: Data()))
    XCTAssertNil(p256KeyInfo(point: Data([UInt8](repeating: 2, count: 65))))
    XCTAssertNil(p256KeyInfo(point: Data([UInt8](repeating: 4, count: 64))))
  }
}
