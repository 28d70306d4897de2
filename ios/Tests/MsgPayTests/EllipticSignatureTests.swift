import Foundation
import MsgPay
import XCTest

final class EllipticSignatureTests: XCTestCase {
  func testShortAndLongIntegersFillTheirPlaces() {
    let long = [UInt8](repeating: 0xff, count: 32)
    let der = Data([0x30, 38, 0x02, 1, 7, 0x02, 33, 0] + long)
    XCTAssertEqual(fixedSignature(fromDER: der), Data([UInt8](repeating: 0, count: 31) + [7] + long))
  }

  func testASliceIsReadFromItsOwnStart() {
    let der = Data([9, 9, 0x30, 6, 0x02, 1, 1, 0x02, 1, 2]).dropFirst(2)
    XCTAssertEqual(fixedSignature(fromDER: der)?.last, 2)
  }

  func testWhatIsNoSignature() {
    let long = [UInt8](repeating: 1, count: 33)
    let bad: [[UInt8]] = [
      [], [0x30], [0x30, 0], [0x31, 6, 2, 1, 1, 2, 1, 2],
      [0x30, 6, 2, 1, 1, 2, 1],  // shorter than it says
      [0x30, 6, 2, 1, 1, 2, 1, 2, 0],  // longer
      [0x30, 6, 2, 1, 0x80, 2, 1, 2],  // negative
      [0x30, 7, 2, 2, 0, 1, 2, 1, 2],  // a needless zero
      [0x30, 5, 2, 0, 2, 1, 2],  // no digit
      [0x30, 38, 2, 33] + long + [2, 1, 2],  // over 256 bits
      [0x30, 6, 3, 1, 1, 2, 1, 2], [0x30, 3, 2, 1, 1],
    ]
    for der in bad {
      XCTAssertNil(fixedSignature(fromDER: Data(der)), "\(der)")
    }
  }
}
