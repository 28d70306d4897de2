import Foundation
import MsgPay

/// The library's own transport, with a gate that can be shut before a request leaves or before its answer comes back.
/// Whoever stands at a shut gate waits until its task is cancelled.
public final class GatedTransport: Transport {
  /// Where nothing passes.
  public enum Gate: Sendable {
    /// Everything passes.
    case open
    /// The request never leaves.
    case request
    /// The request arrives; its answer never does.
    case answer
  }

  private let gate = Locked(Gate.open)
  private let through: any Transport
  private let (standing, stands) = AsyncStream.makeStream(of: Void.self)

  /// - Throws: `MsgPayError.config`; `.call(.outOfTurn)` of a library without a transport of its own.
  public init(_ config: MsgPayConfig) throws {
    through = try libraryTransport(try config.read())
  }

  /// From now on.
  public func shut(_ what: Gate) {
    gate.use { $0 = what }
  }

  /// Waits until a request stands at the gate. For one caller at a time.
  public func reached() async {
    var standing = standing.makeAsyncIterator()
    await standing.next()
  }

  public func send(_ request: Request) async -> Answer? {
    switch gate.use({ $0 }) {
    case .open: return await through.send(request)
    case .request: break
    case .answer: _ = await through.send(request)
    }
    stands.yield()
    let never = AsyncStream<Never> { _ in }
    for await _ in never {}
    return nil
  }
}
