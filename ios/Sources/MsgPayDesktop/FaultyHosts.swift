import Foundation
import MsgPay
import MsgPayFFI

/// The library's software keystore, behind the switches.
final class DesktopKeystoreHost: KeystoreHost {
  private let keystore: DesktopKeystore
  private let faults: Faults

  init(folder: URL, faults: Faults) throws {
    keystore = try DesktopKeystore.open(folder: folder.path)
    self.faults = faults
  }

  func makeKey(name: String, suite: Suite, `guard`: KeyGuard) throws -> Data {
    try Faults.meet(faults.keystore)
    return try keystore.makeKey(name: name, suite: suite, guard: `guard`)
  }

  func sign(name: String, message: Data) throws -> Data {
    try Faults.meet(faults.keystore)
    return try keystore.sign(name: name, message: message)
  }

  func forgetKey(name: String) throws {
    try Faults.meet(faults.keystore)
    try keystore.forgetKey(name: name)
  }

  func enrolAnotherFinger() throws {
    try keystore.enrolAnotherFinger()
  }
}

/// A vault, behind the switches.
final class FaultyVault: VaultHost {
  private let vault: FileVault
  private let faults: Faults

  init(vault: FileVault, faults: Faults) {
    self.vault = vault
    self.faults = faults
  }

  func put(name: String, record: Data) throws {
    try Faults.meet(faults.vault)
    try vault.put(name: name, record: record)
  }

  func record(name: String) throws -> Data? {
    try Faults.meet(faults.vault)
    return try vault.record(name: name)
  }

  func remove(name: String) throws {
    try Faults.meet(faults.vault)
    try vault.remove(name: name)
  }

  func names() throws -> [String] {
    try Faults.meet(faults.vault)
    return try vault.names()
  }
}

/// The system's clocks, ahead by as much as is switched on.
final class ShiftedClock: ClockHost {
  private let faults: Faults

  init(faults: Faults) {
    self.faults = faults
  }

  func unixMs() throws -> Int64 {
    Int64(Date().timeIntervalSince1970 * 1_000) + faults.clockAheadMs
  }

  func bootMs() throws -> Int64 {
    let runMs = Int64(ProcessInfo.processInfo.systemUptime * 1_000) + faults.clockAheadMs
    return max(0, runMs)
  }
}
