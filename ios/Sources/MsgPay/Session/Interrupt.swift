/// Lets a session's loop wait for a person or for the network, and be called away from either: by `cancel` of the
/// session, or by the cancellation of the task that waits.
final class Interrupt: Sendable {
  private struct State {
    var stopped = false
    /// Answers that no loop has taken note of yet.
    var answered = false
    var nextId = 0
    /// Those who wait for an answer.
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    /// What to do with work under way when the session is cancelled.
    var work: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Locked(State())

  var isStopped: Bool { state.use { $0.stopped } }

  /// Ends all waiting, now and later.
  func stop() {
    let (waiting, work) = state.use { state in
      state.stopped = true
      defer { (state.waiting, state.work) = ([:], [:]) }
      return (state.waiting.values.map { $0 }, state.work.values.map { $0 })
    }
    for caller in waiting { caller.resume() }
    for leave in work { leave() }
  }

  /// The person has answered the step: the loop goes on.
  func answer() {
    let waiting = state.use { state in
      state.answered = true
      defer { state.waiting = [:] }
      return state.waiting.values.map { $0 }
    }
    for caller in waiting { caller.resume() }
  }

  /// A new step is handed out; only answers to it count.
  func ask() {
    state.use { $0.answered = false }
  }

  /// Waits until the step is answered; ends early when the session or this task is cancelled.
  func untilAnswered() async {
    let id = id()
    await withTaskCancellationHandler {
      await withCheckedContinuation { caller in
        let now = state.use { state in
          guard !state.stopped, !state.answered, !Task.isCancelled else { return true }
          state.waiting[id] = caller
          return false
        }
        if now { caller.resume() }
      }
    } onCancel: {
      state.use { $0.waiting.removeValue(forKey: id) }?.resume()
    }
  }

  /// Does some work unless the session or this task is cancelled first: then it is no longer waited for, and nothing
  /// comes back. The work's task is cancelled too.
  func during<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value? {
    // What would be called away at once is not begun.
    if Task.isCancelled || isStopped { return nil }
    let id = id()
    let race = Race<Value>()
    let task = Task { race.end(await work()) }
    let leave: @Sendable () -> Void = {
      task.cancel()
      race.end(nil)
    }
    return await withTaskCancellationHandler {
      let late = state.use { state in
        if !state.stopped { state.work[id] = leave }
        return state.stopped
      }
      if late { leave() }
      defer { state.use { _ = $0.work.removeValue(forKey: id) } }
      return await race.result()
    } onCancel: {
      leave()
    }
  }

  private func id() -> Int {
    state.use { state in
      state.nextId += 1
      return state.nextId
    }
  }
}

/// What comes first counts, once.
private final class Race<Value: Sendable>: Sendable {
  private enum State {
    case running
    case waiting(CheckedContinuation<Value?, Never>)
    case ended(Value?)
  }

  private let state = Locked(State.running)

  func end(_ value: Value?) {
    let caller: CheckedContinuation<Value?, Never>? = state.use { state in
      switch state {
      case .running:
        state = .ended(value)
        return nil
      case .waiting(let caller):
        state = .ended(value)
        return caller
      case .ended:
        return nil
      }
    }
    caller?.resume(returning: value)
  }

  func result() async -> Value? {
    await withCheckedContinuation { caller in
      let ended: Value?? = state.use { state in
        if case .ended(let value) = state { return .some(value) }
        state = .waiting(caller)
        return .none
      }
      if let value = ended { caller.resume(returning: value) }
    }
  }
}
