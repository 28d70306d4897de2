import Foundation

/// An ECDSA signature as Apple's keys give it (X9.62: a DER sequence of two integers) in the shape that the library
/// wants: `r ‖ s`, 32 bytes each. Nothing for whatever is no such signature.
public func fixedSignature(fromDER der: Data) -> Data? {
  var rest = der[...]
  guard rest.popFirst() == 0x30, let length = rest.popFirst(), Int(length) == rest.count else { return nil }
  guard let r = integer(&rest), let s = integer(&rest), rest.isEmpty else { return nil }
  return r + s
}

private func integer(_ rest: inout Data.SubSequence) -> Data? {
  guard rest.popFirst() == 0x02, let length = rest.popFirst(), length >= 1 else { return nil }
  guard Int(length) <= rest.count else { return nil }
  let bytes = rest.prefix(Int(length))
  rest = rest.dropFirst(Int(length))
  // A negative one, and one longer than it has to be, are not of DER's making.
  guard let first = bytes.first, first < 0x80 else { return nil }
  if bytes.count > 1, first == 0, bytes[bytes.startIndex + 1] < 0x80 { return nil }
  let digits = bytes.drop { $0 == 0 }
  guard digits.count <= 32 else { return nil }
  return Data(repeating: 0, count: 32 - digits.count) + digits
}
