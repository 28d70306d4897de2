import MsgPayFFI

/// Carries signed requests to an institution's server.
///
/// A request is sent once, as it is, over a connection pinned to `request.institution`: no redirect, no repetition, at
/// most 64 KiB of answer. Nothing is the answer when none came; whoever carries it must not guess.
public protocol Transport: Sendable {
  /// Sends a request once; nothing when no answer came. When its task is cancelled it should return soon: the answer is
  /// no longer waited for.
  func send(_ request: Request) async -> Answer?
}

#if MSGPAY_HOST_TRANSPORT && canImport(Security)
  /// The system's.
  package func libraryTransport(_ config: NativeConfig) throws -> any Transport {
    URLSessionTransport(pins: config.pins())
  }
#elseif MSGPAY_HOST_TRANSPORT
  /// This library has no transport of its own.
  package func libraryTransport(_ config: NativeConfig) throws -> any Transport {
    throw MsgPayError.call(.outOfTurn)
  }
#else
  package func libraryTransport(_ config: NativeConfig) throws -> any Transport {
    LibraryTransport(native: try NativeTransport.open(config: config))
  }

  /// The library's own: validated under the institution's authority, then pinned. Nobody may stop it; it ends after
  /// 10 s at the latest, and an answer that nobody waits for is dropped.
  private struct LibraryTransport: Transport {
    let native: NativeTransport

    func send(_ request: Request) async -> Answer? {
      // What is thrown is a defect of the library: no answer came, and the session asks about what had left.
      (try? await native.send(request: request)) ?? nil
    }
  }
#endif
