import Foundation
import XCTest

/// The program that the README shows is short, and pays.
final class QuickstartTests: XCTestCase {
  func testItPays() async throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("msgpay-quickstart")
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.arguments = [try House.demo().path]
    process.standardOutput = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0)
    XCTAssertTrue(said.hasPrefix("paid: P") && said.contains("debited 1 time"), said)
  }

  func testItIsShort() throws {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/msgpay-quickstart/main.swift")
    let lines = try String(contentsOf: source, encoding: .utf8).split(separator: "\n")
    XCTAssertLessThanOrEqual(lines.count, 40)
  }
}
