import MsgPayFFI

/// What is thrown: for the programmer alone, grouped by what to do. What can happen to a payer is a step or an outcome.
///
/// It holds no text of the host or of a library below.
public enum MsgPayError: Error, Equatable, Hashable, Sendable {
  /// The configuration cannot be used: mend the file.
  case config(ConfigFault)
  /// The call does not fit: mend the program. The session is unharmed.
  case call(CallFault)
  /// A capability of the host failed. Nothing was sent; asking again is safe.
  case host(HostFault)
  /// The keypad refused. When it is `wiped`, open the entry again.
  case keypad(KeypadFault, wiped: Bool)
}

/// Calls the library; whatever it throws becomes a value of ours, and nothing of its text passes. Inlined: a closure of
/// its own would cost each press more than the line does.
@inline(__always)
func calling<Value>(_ body: () throws -> Value) throws(MsgPayError) -> Value {
  do { return try body() } catch { throw ours(error) }
}

/// What is thrown for what the library threw.
private func ours(_ error: any Error) -> MsgPayError {
  switch error {
  case MsgPayFFI.MsgPayError.Config(let fault): .config(fault)
  case MsgPayFFI.MsgPayError.Call(let fault): .call(fault)
  case MsgPayFFI.MsgPayError.Host(let fault): .host(fault)
  case MsgPayFFI.MsgPayError.Keypad(let fault, let wiped): .keypad(fault, wiped: wiped)
  case let error as MsgPayError: error
  // A defect of the library, or arguments that cannot cross the line.
  default: .call(.broken)
  }
}
