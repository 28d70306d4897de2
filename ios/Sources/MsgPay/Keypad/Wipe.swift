import Foundation

/// Overwrites memory with zeros, in a way that no compiler leaves out.
public func wipe(_ memory: UnsafeMutableRawBufferPointer) {
  guard let address = memory.baseAddress, !memory.isEmpty else { return }
  #if canImport(Darwin)
    _ = memset_s(address, memory.count, 0, memory.count)
  #else
    explicit_bzero(address, memory.count)
  #endif
}

/// Lends memory, and wipes it whatever happens.
func withWiped<Value>(bytes: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Value) rethrows -> Value {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 16)
  defer {
    wipe(memory)
    memory.deallocate()
  }
  return try body(memory)
}
