import Foundation

/// A program that reads and writes lines. It ends with this object: its input ends.
///
/// `@unchecked`: all but the ending happens on one queue.
final class Lines: @unchecked Sendable {
  private let process = Process()
  private let toIt = Pipe()
  private let fromIt = Pipe()
  private var unread = Data()
  private let queue = DispatchQueue(label: "io.msgpay.stage")

  init(_ program: URL) throws {
    // A program that has ended must not end this one.
    signal(SIGPIPE, SIG_IGN)
    process.executableURL = program
    process.arguments = ["stage"]
    process.standardInput = toIt
    process.standardOutput = fromIt
    do { try process.run() } catch { throw StageFault.notReady }
    // Our copy would keep the reader waiting for ever.
    try? fromIt.fileHandleForWriting.close()
  }

  deinit {
    try? toIt.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func read() async throws -> Data {
    try await onQueue { try self.line() }
  }

  func ask(_ question: Data) async throws -> Data {
    try await onQueue {
      do {
        try self.toIt.fileHandleForWriting.write(contentsOf: question + Data([newline]))
      } catch {
        throw StageFault.ended
      }
      return try self.line()
    }
  }

  private func onQueue(_ body: @escaping @Sendable () throws -> Data) async throws -> Data {
    try await withCheckedThrowingContinuation { caller in
      queue.async { caller.resume(with: Result { try body() }) }
    }
  }

  private func line() throws -> Data {
    while true {
      if let end = unread.firstIndex(of: newline) {
        let line = unread.prefix(upTo: end)
        unread = Data(unread.suffix(from: end + 1))
        return line
      }
      let more = fromIt.fileHandleForReading.availableData
      if more.isEmpty { throw StageFault.ended }
      unread.append(more)
    }
  }
}

private let newline = UInt8(ascii: "\n")
