#if canImport(AVFAudio)
  import AVFAudio
  import Foundation
  import MsgPay

  /// This phone's own sound, where it ends in one person's ear. One sound at a time; its samples are wiped when it ends.
  @MainActor
  public final class SystemEar: PrivateEar {
    public var onChange: (@MainActor () -> Void)?

    private let engine = AVAudioEngine()
    private let player = AVAudioPlayerNode()
    private let format: AVAudioFormat?
    private var playing: AVAudioPCMBuffer?
    private var observation: Observation?

    public init() {
      format = AVAudioFormat(standardFormatWithSampleRate: 16_000, channels: 1)
      engine.attach(player)
      engine.connect(player, to: engine.mainMixerNode, format: format)
      observation = Observation(
        NotificationCenter.default.addObserver(
          forName: AVAudioSession.routeChangeNotification, object: nil, queue: .main
        ) { [weak self] _ in
          MainActor.assumeIsolated { self?.onChange?() }
        })
    }

    public var isPrivate: Bool {
      isPrivateRoute(AVAudioSession.sharedInstance().currentRoute.outputs.map(\.portType.rawValue))
    }

    public func play(_ samples: UnsafeRawBufferPointer) -> Bool {
      hush()
      let count = samples.count / MemoryLayout<Int16>.size
      guard isPrivate, let format, let buffer = AVAudioPCMBuffer(pcmFormat: format, frameCapacity: UInt32(count)),
        let channel = buffer.floatChannelData?[0]
      else { return false }
      for at in 0..<count {
        let sample = samples.loadUnaligned(fromByteOffset: at * MemoryLayout<Int16>.size, as: Int16.self)
        channel[at] = Float(sample) / 32_768
      }
      buffer.frameLength = UInt32(count)
      playing = buffer
      do {
        try AVAudioSession.sharedInstance().setCategory(.playback, options: .duckOthers)
        try engine.start()
      } catch {
        // Whatever the system says, nothing is heard.
        hush()
        return false
      }
      player.scheduleBuffer(buffer, completionHandler: nil)
      player.play()
      return true
    }

    public func hush() {
      player.stop()
      guard let buffer = playing, let channel = buffer.floatChannelData?[0] else { return }
      let bytes = Int(buffer.frameCapacity) * MemoryLayout<Float>.size
      wipe(UnsafeMutableRawBufferPointer(start: channel, count: bytes))
      playing = nil
    }
  }

  /// Listens to the system until it goes.
  private final class Observation {
    private let token: any NSObjectProtocol

    init(_ token: any NSObjectProtocol) {
      self.token = token
    }

    deinit {
      NotificationCenter.default.removeObserver(token)
    }
  }
#endif
