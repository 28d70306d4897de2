import Foundation
import MsgPayDesktop

@testable import MsgPay

/// The library's own transport, with a gate that can be shut before a request leaves or before its answer comes back.
/// Whoever stands at a shut gate waits until its task is cancelled.
struct GatedTransport: Transport {
  enum Gate: Sendable {
    case open
    /// The request never leaves.
    case request
    /// The request arrives; its answer never does.
    case answer
  }

  /// Somebody stands at the gate.
  let reached = Handover<Void>()
  private let gate = Locked(Gate.open)
  private let through: any Transport

  init(_ config: MsgPayConfig) throws {
    through = try libraryTransport(try config.read())
  }

  func shut(_ what: Gate) {
    gate.use { $0 = what }
  }

  func send(_ request: Request) async -> Answer? {
    switch gate.use({ $0 }) {
    case .open: return await through.send(request)
    case .request: break
    case .answer: _ = await through.send(request)
    }
    await reached.give(())
    let never = AsyncStream<Never> { _ in }
    for await _ in never {}
    return nil
  }
}

extension House {
  /// Another SDK of the same handset, over a gate.
  func gated() async throws -> (msgpay: MsgPay, transport: GatedTransport) {
    let transport = try GatedTransport(stage.config)
    return (try await MsgPay.open(stage.config, phone: handset.phone) { _ in transport }, transport)
  }
}
