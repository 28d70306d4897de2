/// The steps of a session, as they come: each waits for the answer to the one before, the last tells the end.
///
/// One loop at a time. A loop that was left can be begun anew and gets the step that is open. When the task of the loop
/// is cancelled, so is the session, and the loop still gets the last step: what had left cannot be called back.
public struct Steps<Step: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Step

  let take: @Sendable (_ again: Bool) async throws(MsgPayError) -> Step?

  public struct AsyncIterator: AsyncIteratorProtocol {
    let take: @Sendable (_ again: Bool) async throws(MsgPayError) -> Step?
    private var isNew = true

    init(take: @escaping @Sendable (_ again: Bool) async throws(MsgPayError) -> Step?) {
      self.take = take
    }

    /// - Throws: ``MsgPayError``; the session is unharmed, and asking again is safe.
    public mutating func next() async throws -> Step? {
      defer { isNew = false }
      return try await take(isNew)
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(take: take)
  }
}
