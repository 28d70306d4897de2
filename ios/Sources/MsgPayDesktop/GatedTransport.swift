import Foundation
import MsgPay

/// The library's own transport, with a gate that can be shut before a request leaves or before its answer comes back.
/// Whoever stands at a shut gate waits until it is opened, or its task is cancelled.
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
  private let (opening, opens) = AsyncStream.makeStream(of: Void.self)

  /// - Throws: `MsgPayError.config`; `.call(.outOfTurn)` of a library without a transport of its own.
  public init(_ config: MsgPayConfig) throws {
    through = try libraryTransport(try config.read())
  }

  /// From now on.
  public func shut(_ what: Gate) {
    gate.use { $0 = what }
  }

  /// Opens the gate, for the one request that stands there too.
  public func open() {
    shut(.open)
    opens.yield()
  }

  /// Waits until a request stands at the gate. For one caller at a time.
  public func reached() async {
    var standing = standing.makeAsyncIterator()
    await standing.next()
  }

  public func send(_ request: Request) async -> Answer? {
    switch gate.use({ $0 }) {
    case .open: return await through.send(request)
    case .request: return await passes() ? await through.send(request) : nil
    case .answer:
      let answer = await through.send(request)
      return await passes() ? answer : nil
    }
  }

  /// Not when the task is cancelled meanwhile.
  private func passes() async -> Bool {
    stands.yield()
    var opening = opening.makeAsyncIterator()
    return await opening.next() != nil
  }
}
