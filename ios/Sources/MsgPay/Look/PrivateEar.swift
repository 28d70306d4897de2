import Foundation

/// A way to one person's ear, for a keypad that is listened to. `SystemEar` of `MsgPayUI` is the real one.
///
/// Whoever keeps a sound past the next press keeps the password: `play` copies what it must, and wipes it.
@MainActor
public protocol PrivateEar: AnyObject {
  /// Whether a sound would go to one person's ear only.
  var isPrivate: Bool { get }
  /// Called whenever that may have changed.
  var onChange: (@MainActor () -> Void)? { get set }
  /// Plays signed 16-bit samples of 16 kHz, one channel; what still plays ends first. Says whether it plays: not where
  /// others would hear it.
  func play(_ samples: UnsafeRawBufferPointer) -> Bool
  /// Ends a sound and wipes it.
  func hush()
}

/// Whether these outputs, by the names of `AVAudioSession.Port`, end in one person's ear.
///
/// Wired headphones and hearing aids do. A loudspeaker, a car and a receiver do not, and of Bluetooth's A2DP nobody can
/// say: a loudspeaker of a room has it as well.
public func isPrivateRoute(_ ports: [String]) -> Bool {
  !ports.isEmpty && ports.allSatisfy(["Headphones", "BluetoothLE"].contains)
}
