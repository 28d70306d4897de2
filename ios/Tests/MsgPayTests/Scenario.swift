import Foundation

/// The scenarios that every language runs, as the file has them.
struct Scenarios: Decodable {
  let scenarios: [Scenario]

  /// - Throws: When the file is not there, or says something that this reader does not know.
  static func read(_ file: URL) throws -> [Scenario] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Scenarios.self, from: try Data(contentsOf: file)).scenarios
  }
}

/// One wallet's handset, and what is done with it.
struct Scenario: Decodable {
  enum Given: String, Decodable {
    case activated, password, biometric
  }

  struct Books: Decodable {
    let debits: Int?
    let open: Int
  }

  let name: String
  let given: [Given]
  let fen: Int64?
  let parts: [Part]
  let books: Books
}

/// One session.
struct Part: Decodable {
  enum Session: String, Decodable {
    case pay, resolve, password, enrol, activate
  }

  enum Fault: String, Decodable {
    case keystore, vault
    case enrolmentChanged = "enrolment_changed"
  }

  struct Ends: Decodable {
    let outcome: String?
    let error: String?
    let todo: String?
    let why: String?
    let triesLeft: Int?
  }

  let session: Session
  let restart: Bool?
  let clockAheadS: Int64?
  let fault: Fault?
  let faultOff: Fault?
  let link: String?
  let code: String?
  let answers: [StepAnswer]
  let ends: Ends
}

/// What the person does at a step.
struct StepAnswer: Decodable {
  enum Doing: String, Decodable {
    case accept, cancel, type, wipe, capture, ask, leave, sign, die
    case eraseAndType = "erase_and_type"
    case cancelTyping = "cancel_typing"
    case byPassword = "by_password"
    case keyLost = "key_lost"
  }

  enum Half: String, Decodable {
    case request, answer
  }

  let at: String
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
