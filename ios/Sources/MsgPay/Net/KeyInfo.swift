import Foundation

/// The SubjectPublicKeyInfo (RFC 5480) of a P-256 key, whose SHA-256 is an institution's pin; the system gives the point
/// alone. Nothing for what is no uncompressed point: servers with other keys are not pinned by this transport.
func p256KeyInfo(point: Data) -> Data? {
  guard point.count == 65, point.first == 0x04 else { return nil }
  // SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING }
  let head: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]
  return Data(head) + point
}
