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

/// Calls the library; whatever it throws becomes a value of ours, and nothing of its text passes.
func calling<Value>(_ body: () throws -> Value) throws(MsgPayError) -> Value {
  do {
    return try body()
  } catch let error as MsgPayFFI.MsgPayError {
    switch error {
    case .Config(let fault): throw .config(fault)
    case .Call(let fault): throw .call(fault)
    case .Host(let fault): throw .host(fault)
    case .Keypad(let fault, let wiped): throw .keypad(fault, wiped: wiped)
    }
  } catch let error as MsgPayError {
    throw error
  } catch {
    // A defect of the library, or arguments that cannot cross the line.
    throw .call(.broken)
  }
}
