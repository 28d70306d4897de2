import Dispatch
import Foundation

/// Where calls that may wait for the host's keystore or vault are made: a thread of their own, so that neither the main
/// actor nor the threads that Swift shares among its tasks are held up. One call after another.
struct Lane: Sendable {
  private let queue: DispatchQueue

  init(_ name: String) {
    queue = DispatchQueue(label: "io.msgpay.\(name)", qos: .userInitiated)
  }

  func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws(MsgPayError)
    -> Value
  {
    try await result { () throws(MsgPayError) in try calling(body) }.get()
  }

  func result<Value: Sendable, Fault>(
    _ body: @escaping @Sendable () throws(Fault) -> Value
  ) async -> Result<Value, Fault> {
    await withCheckedContinuation { caller in
      queue.async {
        do throws(Fault) {
          caller.resume(returning: .success(try body()))
        } catch {
          caller.resume(returning: .failure(error))
        }
      }
    }
  }
}

/// A value that one thread at a time may use.
///
/// `@unchecked`: the lock is what makes it so; the system's own such type is younger than iOS 15.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: Value) {
    self.value = value
  }

  package func use<Answer>(_ body: (inout Value) throws -> Answer) rethrows -> Answer {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
