import Foundation
import MsgPayFFI

/// Keeps the library's records as files of one folder: durable, on this handset only, out of backups.
///
/// Each record is written beside its place, flushed to the device and renamed into it, so that whatever dies leaves the
/// old record or the new one.
public final class FileVault: VaultHost {
  private let folder: URL

  /// Makes the folder when there is none.
  ///
  /// - Throws: `.host(.vault)`.
  public init(folder: URL) throws(MsgPayError) {
    var folder = folder
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: attributes(0o700))
      #if canImport(Darwin)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try folder.setResourceValues(values)
      #endif
    } catch {
      throw .host(.vault)
    }
    self.folder = folder
  }

  public func put(name: String, record: Data) throws {
    let place = try place(name)
    let new = place.appendingPathExtension("new")
    try write(record, to: new)
    guard rename(new.path, place.path) == 0 else { throw HostFailure.Failed }
    try flushFolder()
  }

  public func record(name: String) throws -> Data? {
    let place = try place(name)
    guard FileManager.default.fileExists(atPath: place.path) else { return nil }
    return try Data(contentsOf: place)
  }

  public func remove(name: String) throws {
    let place = try place(name)
    guard unlink(place.path) == 0 || errno == ENOENT else { throw HostFailure.Failed }
    try flushFolder()
  }

  public func names() throws -> [String] {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "record" }.map { file in
      guard let name = recordName(file.deletingPathExtension().lastPathComponent) else { throw HostFailure.Failed }
      return name
    }
  }

  private func place(_ name: String) throws -> URL {
    let hex = name.utf8.map { hexByte($0) }.joined()
    // 255 bytes are a file name's, with both endings.
    guard !hex.isEmpty, hex.utf8.count <= 240 else { throw HostFailure.Failed }
    return folder.appendingPathComponent("\(hex).record")
  }

  private func write(_ record: Data, to file: URL) throws {
    guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: attributes(0o600)) else {
      throw HostFailure.Failed
    }
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    try handle.write(contentsOf: record)
    try flush(handle.fileDescriptor)
  }

  private func flushFolder() throws {
    let opened = open(folder.path, O_RDONLY)
    guard opened >= 0 else { throw HostFailure.Failed }
    defer { close(opened) }
    try flush(opened)
  }

  private func flush(_ opened: Int32) throws {
    #if canImport(Darwin)
      // Apple's `fsync` stops at the device's own cache.
      if fcntl(opened, F_FULLFSYNC) == 0 { return }
    #endif
    guard fsync(opened) == 0 else { throw HostFailure.Failed }
  }
}

private func hexByte(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

private func recordName(_ hex: String) -> String? {
  let digits = Array(hex.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  for at in stride(from: 0, to: digits.count, by: 2) {
    guard let byte = UInt8(String(decoding: digits[at..<at + 2], as: UTF8.self), radix: 16) else { return nil }
    bytes.append(byte)
  }
  return String(bytes: bytes, encoding: .utf8)
}

/// For the owner alone.
private func attributes(_ permissions: Int) -> [FileAttributeKey: Any] {
  #if os(iOS)
    // Readable after the first unlock: a payment may be asked about while the phone is locked.
    [.posixPermissions: permissions, .protectionKey: FileProtectionType.completeUntilFirstUserAuthentication]
  #else
    [.posixPermissions: permissions]
  #endif
}
