import Foundation

/// The phone's clocks. Unlike the library's own, the one that counts from the start goes on while the phone sleeps, so
/// that an entry that was left is wiped in time.
public final class BootClock: ClockHost {
  public init() {}

  public func unixMs() throws -> Int64 {
    try ms(CLOCK_REALTIME)
  }

  public func bootMs() throws -> Int64 {
    #if canImport(Darwin)
      // Apple's goes on while the phone sleeps.
      try ms(CLOCK_MONOTONIC)
    #else
      try ms(CLOCK_BOOTTIME)
    #endif
  }

  private func ms(_ id: clockid_t) throws -> Int64 {
    var time = timespec()
    guard clock_gettime(id, &time) == 0 else { throw HostFailure.Failed }
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
