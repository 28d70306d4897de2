import Foundation
import MsgPay

/// A whole payment platform on this machine, for tests: the program `msgpay-demo stage`, spoken to by lines of JSON.
public final class Stage: Sendable {
  /// What the stage answers; each request has its own members of it.
  private struct Reply: Decodable, Sendable {
    var ok: Bool?
    var ready: Bool?
    var institution: String?
    var config: String?
    var files: [String: String]?
    var code: String?
    var payOrderNo: String?
    var link: String?
    var digits: [Int]?
    var state: String?
    var debits: Int?
    var findings: [String]?
  }

  private struct Face: Encodable, Sendable {
    let width: Int
    let height: Int
    let alpha: String
  }

  private struct Ask: Encodable, Sendable {
    var `do`: String
    var fen: Int64?
    var what: String?
    var payOrderNo: String?
    var faces: [Face]?
  }

  /// An order of the stage's merchant.
  public struct Order: Sendable {
    public let payOrderNo: String
    /// The card's `msgpay://` link.
    public let link: String
  }

  /// Which half of an exchange is lost.
  public enum Half: String, Sendable {
    case answer, request
  }

  /// The institution's id.
  public let institution: String
  /// The SDK's configuration for it.
  public let config: MsgPayConfig

  /// The first line for a process that is to have this stage too.
  public let greeting: Data

  private let lines: Lines

  /// Starts the program and waits until it is ready. It ends with this object.
  ///
  /// - Throws: `StageFault`.
  public static func start(_ program: URL) async throws -> Stage {
    try await ready(try Lines(program, ["stage"]))
  }

  /// A stage that the process which started this one has, and passes on: see `pass`.
  ///
  /// - Throws: `StageFault`.
  public static func ofParent() async throws -> Stage {
    try await ready(Lines())
  }

  private static func ready(_ lines: Lines) async throws -> Stage {
    let greeting = try await lines.read()
    let ready: Reply = try read(greeting)
    guard ready.ready == true, let institution = ready.institution, let config = ready.config else {
      throw StageFault.notReady
    }
    let files = (ready.files ?? [:]).mapValues { Data($0.utf8) }
    return Stage(institution, MsgPayConfig(text: config, files: files), lines, greeting)
  }

  private init(_ institution: String, _ config: MsgPayConfig, _ lines: Lines, _ greeting: Data) {
    self.greeting = greeting
    self.institution = institution
    self.config = config
    self.lines = lines
  }

  /// Passes on a line of a process that has this stage too; gives the line to answer it by.
  ///
  /// - Throws: `StageFault.ended`.
  public func pass(_ line: Data) async throws -> Data {
    try await lines.ask(line)
  }

  /// An activation code for the stage's subscriber.
  public func activationCode() async throws -> String {
    try wanted(try await ask(Ask(do: "activate")).code)
  }

  /// A new order of so many fen.
  public func order(fen: Int64) async throws -> Order {
    let reply = try await ask(Ask(do: "order", fen: fen))
    return Order(payOrderNo: try wanted(reply.payOrderNo), link: try wanted(reply.link))
  }

  /// The next exchange between handset and platform loses that half.
  public func cut(_ half: Half) async throws {
    _ = try await ask(Ask(do: "cut", what: half.rawValue))
  }

  /// The order's state at the platform.
  public func state(of payOrderNo: String) async throws -> String {
    try wanted(try await ask(Ask(do: "state", payOrderNo: payOrderNo)).state)
  }

  /// How often the order was debited.
  public func debits(of payOrderNo: String) async throws -> Int {
    try wanted(try await ask(Ask(do: "state", payOrderNo: payOrderNo)).debits)
  }

  /// What the platform's own check of its books finds.
  public func findings() async throws -> [String] {
    try wanted(try await ask(Ask(do: "check")).findings)
  }

  /// Reads the digits of a keypad's ten faces as a person would, in the order of its keys.
  func digits(of keypad: Keypad, keys: [Keypad.Key]) async throws -> [Int] {
    let faces = try keys.map { key in
      try keypad.withFace(of: key) { alpha in
        Face(width: key.width, height: key.height, alpha: Data(alpha).base64EncodedString())
      }
    }
    return try wanted(try await ask(Ask(do: "read", faces: faces)).digits)
  }

  private func ask(_ question: Ask) async throws -> Reply {
    let reply: Reply = try Self.read(try await lines.ask(try JSONEncoder().encode(question)))
    guard reply.ok == true else { throw StageFault.refused }
    return reply
  }

  private static func read(_ line: Data) throws -> Reply {
    do { return try JSONDecoder().decode(Reply.self, from: line) } catch { throw StageFault.answer }
  }

  private func wanted<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw StageFault.answer }
    return value
  }
}

/// Why the stage did not do it.
public enum StageFault: Error, Equatable, Sendable {
  /// The program does not start, or says that it is not ready.
  case notReady
  /// It has ended.
  case ended
  /// It could not do what was asked.
  case refused
  /// Its answer has another shape than it should.
  case answer
}
