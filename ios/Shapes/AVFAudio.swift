// The shapes of AVFAudio's declarations that `MsgPayUI` uses; see UIKit.swift.
import Foundation

open class AVAudioFormat: NSObject {
  public init?(standardFormatWithSampleRate rate: Double, channels: UInt32) { nil }
}

open class AVAudioBuffer: NSObject {}

open class AVAudioPCMBuffer: AVAudioBuffer {
  public init?(pcmFormat: AVAudioFormat, frameCapacity: UInt32) { nil }
  open var floatChannelData: UnsafePointer<UnsafeMutablePointer<Float>>? { nil }
  open var frameLength: UInt32 = 0
  open var frameCapacity: UInt32 { 0 }
}

open class AVAudioNode: NSObject {}

open class AVAudioMixerNode: AVAudioNode {}

open class AVAudioPlayerNode: AVAudioNode {
  open func scheduleBuffer(_ buffer: AVAudioPCMBuffer, completionHandler: (@Sendable () -> Void)?) {}
  open func play() {}
  open func stop() {}
}

open class AVAudioEngine: NSObject {
  open var mainMixerNode: AVAudioMixerNode { AVAudioMixerNode() }
  open func attach(_ node: AVAudioNode) {}
  open func connect(_ node: AVAudioNode, to other: AVAudioNode, format: AVAudioFormat?) {}
  open func start() throws {}
}

open class AVAudioSessionPortDescription: NSObject {
  open var portType: AVAudioSession.Port { AVAudioSession.Port(rawValue: "") }
}

open class AVAudioSessionRouteDescription: NSObject {
  open var outputs: [AVAudioSessionPortDescription] { [] }
}

open class AVAudioSession: NSObject {
  public struct Port: RawRepresentable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
  }
  public struct Category: Sendable { public static let playback = Category() }
  public struct CategoryOptions: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let duckOthers = CategoryOptions(rawValue: 2)
  }
  public class func sharedInstance() -> AVAudioSession { AVAudioSession() }
  public class var routeChangeNotification: Notification.Name { Notification.Name("route") }
  open var currentRoute: AVAudioSessionRouteDescription { AVAudioSessionRouteDescription() }
  open func setCategory(_ category: Category, options: CategoryOptions = []) throws {}
}
