#if canImport(Security)
  import CryptoKit
  import Foundation
  import Security

  /// Carries requests by the system's own network: the path ends in the institution's authorities, and the server's key
  /// is one of its pins. No redirect, no cookie, no cache, no proxy of a page's making.
  public struct URLSessionTransport: Transport {
    private let pins: [String: Pins]

    /// For the institutions of a configuration: `MsgPay.open(…) { URLSessionTransport(pins: $0) }`.
    public init(pins: [Pins]) {
      self.pins = Dictionary(pins.map { ($0.institution, $0) }) { first, _ in first }
    }

    /// Sends once; nothing when no answer came or the server is not the institution's.
    public func send(_ request: Request) async -> Answer? {
      guard let pins = pins[request.institution], let url = URL(string: request.url) else { return nil }
      var sent = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: 10)
      sent.httpMethod = request.method
      for header in request.headers { sent.setValue(header.value, forHTTPHeaderField: header.name) }
      sent.httpBody = request.body
      let session = URLSession(configuration: .msgpay, delegate: PinnedTo(pins), delegateQueue: nil)
      defer { session.invalidateAndCancel() }
      do {
        let (bytes, response) = try await session.bytes(for: sent)
        guard let response = response as? HTTPURLResponse, let status = Int32(exactly: response.statusCode) else {
          return nil
        }
        var body = Data()
        for try await byte in bytes {
          guard body.count < answerBytesMax else { return nil }
          body.append(byte)
        }
        let contentType = response.value(forHTTPHeaderField: "content-type") ?? ""
        return Answer(status: status, contentType: contentType, body: body)
      } catch {
        // Whatever it was, no answer came; the session asks about what had left.
        return nil
      }
    }
  }

  /// Judges one connection's server.
  private final class PinnedTo: NSObject, URLSessionTaskDelegate {
    private let pins: Pins

    init(_ pins: Pins) {
      self.pins = pins
    }

    func urlSession(
      _ session: URLSession, didReceive challenge: URLAuthenticationChallenge
    ) async
      -> (URLSession.AuthChallengeDisposition, URLCredential?)
    {
      let space = challenge.protectionSpace
      guard space.authenticationMethod == NSURLAuthenticationMethodServerTrust, let trust = space.serverTrust,
        isTrusted(trust, host: space.host)
      else { return (.cancelAuthenticationChallenge, nil) }
      return (.useCredential, URLCredential(trust: trust))
    }

    func urlSession(
      _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest
    ) async -> URLRequest? {
      nil
    }

    private func isTrusted(_ trust: SecTrust, host: String) -> Bool {
      let authorities = pins.authorities.compactMap { SecCertificateCreateWithData(nil, $0 as CFData) }
      guard authorities.count == pins.authorities.count, !authorities.isEmpty,
        SecTrustSetPolicies(trust, SecPolicyCreateSSL(true, host as CFString)) == errSecSuccess,
        SecTrustSetAnchorCertificates(trust, authorities as CFArray) == errSecSuccess,
        SecTrustSetAnchorCertificatesOnly(trust, true) == errSecSuccess,
        SecTrustEvaluateWithError(trust, nil),
        let chain = SecTrustCopyCertificateChain(trust) as? [SecCertificate], let leaf = chain.first,
        let key = SecCertificateCopyKey(leaf), let point = SecKeyCopyExternalRepresentation(key, nil) as Data?,
        let info = p256KeyInfo(point: point)
      else { return false }
      return pins.spkiSha256.contains(Data(SHA256.hash(data: info)))
    }
  }

  extension URLSessionConfiguration {
    fileprivate static var msgpay: URLSessionConfiguration {
      let configuration = URLSessionConfiguration.ephemeral
      configuration.httpCookieStorage = nil
      configuration.urlCredentialStorage = nil
      configuration.urlCache = nil
      configuration.timeoutIntervalForResource = 10
      configuration.tlsMinimumSupportedProtocolVersion = .TLSv12
      return configuration
    }
  }

  private let answerBytesMax = 65_536
#endif
