import Foundation
import MsgPayDesktop
import XCTest

/// Processes that are killed while a request is under way, and those that come after them.
final class KilledTests: XCTestCase {
  func testAProcessKilledBeforeItsRequestLeft() async throws {
    let (told, debits) = try await killed(at: "request")
    XCTAssertEqual(told, "voided")
    XCTAssertEqual(debits, 0)
  }

  func testAProcessKilledBeforeItsAnswerCame() async throws {
    let (told, debits) = try await killed(at: "answer")
    XCTAssertEqual(told, "paid")
    XCTAssertEqual(debits, 1)
  }

  /// Kills a process at the gate; gives what the next one learns, and the debits.
  private func killed(at gate: String) async throws -> (told: String, debits: Int) {
    let stage = try await Stage.start(try House.demo())
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
    let first = try await HandsetProcess(folder, ["activate"], stage)
    let ready = try await first.told()
    XCTAssertEqual(ready, "ready")
    let order = try await stage.order(fen: 990)

    let paying = try await HandsetProcess(folder, ["pay", order.link, gate], stage)
    let underWay = try await paying.told()
    XCTAssertEqual(underWay, "under way")
    XCTAssertEqual(paying.kill(), SIGKILL)

    let next = try await HandsetProcess(folder, ["restore", order.payOrderNo], stage)
    let told = try await next.told()
    let again = try await HandsetProcess(folder, ["restore", order.payOrderNo], stage)
    let left = try await again.told()
    XCTAssertEqual(left, "nothing open", "resolved for good")
    return (told, try await stage.debits(of: order.payOrderNo))
  }
}

/// The program `msgpay-handset`, whose questions to the stage are passed on.
private final class HandsetProcess {
  private struct Told: Decodable {
    let told: String?
  }

  private let lines: Lines
  private let stage: Stage

  init(_ folder: URL, _ arguments: [String], _ stage: Stage) async throws {
    self.stage = stage
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("msgpay-handset")
    lines = try Lines(program, [folder.path] + arguments)
    try await lines.write(stage.greeting)
  }

  deinit {
    _ = kill()
  }

  /// What it tells, once it does.
  func told() async throws -> String {
    while true {
      let line = try await lines.read()
      if let told = try JSONDecoder().decode(Told.self, from: line).told { return told }
      try await lines.write(try await stage.pass(line))
    }
  }

  /// SIGKILL; gives the signal that it died of.
  func kill() -> Int32 {
    lines.kill()
  }
}
