import Foundation

/// A program that reads and writes lines, or whoever started this one. A program that it started ends with this object:
/// its input ends.
///
/// `@unchecked`: all but the ending happens on one queue.
package final class Lines: @unchecked Sendable {
  private let process: Process?
  private let toIt: FileHandle
  private let fromIt: FileHandle
  private var unread = Data()
  private let queue = DispatchQueue(label: "io.msgpay.stage")

  package init(_ program: URL, _ arguments: [String]) throws {
    // A program that has ended must not end this one.
    signal(SIGPIPE, SIG_IGN)
    let (input, output, process) = (Pipe(), Pipe(), Process())
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    do { try process.run() } catch { throw StageFault.notReady }
    // Our copy would keep the reader waiting for ever.
    try? output.fileHandleForWriting.close()
    (self.process, toIt, fromIt) = (process, input.fileHandleForWriting, output.fileHandleForReading)
  }

  /// This process' own input and output.
  init() {
    (process, toIt, fromIt) = (nil, .standardOutput, .standardInput)
  }

  deinit {
    guard let process else { return }
    try? toIt.close()
    process.waitUntilExit()
  }

  package func read() async throws -> Data {
    try await onQueue { try self.line() }
  }

  package func write(_ line: Data) async throws {
    try await onQueue { try self.send(line) }
  }

  package func ask(_ question: Data) async throws -> Data {
    try await onQueue {
      try self.send(question)
      return try self.line()
    }
  }

  /// Kills the program; gives the signal that it died of, 0 when it had ended by itself.
  package func kill() -> Int32 {
    guard let process, process.isRunning else { return 0 }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? process.terminationStatus : 0
  }

  private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { caller in
      queue.async { caller.resume(with: Result { try body() }) }
    }
  }

  private func send(_ line: Data) throws {
    do { try toIt.write(contentsOf: line + Data([newline])) } catch { throw StageFault.ended }
  }

  private func line() throws -> Data {
    while true {
      if let end = unread.firstIndex(of: newline) {
        let line = unread.prefix(upTo: end)
        unread = Data(unread.suffix(from: end + 1))
        return line
      }
      let more = fromIt.availableData
      if more.isEmpty { throw StageFault.ended }
      unread.append(more)
    }
  }
}

private let newline = UInt8(ascii: "\n")
