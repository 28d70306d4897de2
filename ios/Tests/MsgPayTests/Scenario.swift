import Foundation

/// The scenarios that every language runs, as the file has them.
struct Scenarios: Codable {
  let about: [String]
  let scenarios: [Scenario]

  /// - Throws: When the file is not there, or says something that this reader does not know.
  static func read(_ file: URL) throws -> [Scenario] {
    try read(try Data(contentsOf: file))
  }

  /// As above, of its bytes.
  static func read(_ bytes: Data) throws -> [Scenario] {
    let (decoder, encoder) = (JSONDecoder(), JSONEncoder())
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let read = try decoder.decode(Scenarios.self, from: bytes)
    // A decoder passes over what it does not know: written again, that would be missing.
    let (there, known) = (try object(bytes), try object(encoder.encode(read)))
    guard there.isEqual(known) else { throw Unready(what: "a scenario has members that are not known here") }
    return read.scenarios
  }

  private static func object(_ bytes: Data) throws -> NSDictionary {
    NSDictionary(dictionary: try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:])
  }
}

/// One wallet's handset, and what is done with it.
struct Scenario: Codable {
  enum Given: String, Codable {
    case activated, password, biometric
  }

  struct Books: Codable {
    var debits: Int?
    var open: Int
  }

  let name: String
  let given: [Given]
  let fen: Int64?
  var parts: [Part]
  var books: Books
}

/// One session.
struct Part: Codable {
  enum Session: String, Codable {
    case pay, resolve, password, enrol, activate
  }

  enum Fault: String, Codable {
    case keystore, vault
    case enrolmentChanged = "enrolment_changed"
  }

  struct Ends: Codable {
    var outcome: String?
    var error: String?
    var todo: String?
    var why: String?
    var triesLeft: Int?
  }

  let session: Session
  let restart: Bool?
  let clockAheadS: Int64?
  let fault: Fault?
  let faultOff: Fault?
  let link: String?
  let code: String?
  var answers: [StepAnswer]
  var ends: Ends
}

/// What the person does at a step.
struct StepAnswer: Codable {
  enum Doing: String, Codable {
    case accept, cancel, type, wipe, capture, ask, leave, sign, die
    case eraseAndType = "erase_and_type"
    case cancelTyping = "cancel_typing"
    case byPassword = "by_password"
    case keyLost = "key_lost"
  }

  enum Half: String, Codable {
    case request, answer
  }

  var at: String
  let `do`: Doing
  let digits: String?
  let cut: Half?

  var typed: [Int] { (digits ?? "").compactMap(\.wholeNumberValue) }
}

/// `linkExpired` as the file writes it: `link_expired`. Of a case with values, its name.
func fileName(_ value: some Any) -> String {
  let name = "\(value)".prefix { $0.isLetter }
  return name.reduce(into: "") { text, letter in
    text += letter.isUppercase ? "_\(letter.lowercased())" : String(letter)
  }
}
