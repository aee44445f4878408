// Gets the small JSON documents of issuers, within bounds that no answer can widen.

import AsyncHTTPClient
import Dispatch
import HostBase
import HostNetwork
import NIOCore
import NIOHTTP1
import NIOSSL

/// A document of an issuer: the answer was 200 and within the size limit.
public struct FetchedDocument: Sendable {
    public var body: [UInt8]
    /// `max-age` of its `Cache-Control`, in seconds.
    var maximumAge: Double?
    /// Its `Date`, for the comparison of clocks.
    public var date: String?
}

/// Fetches one URL. It must complete its future within seconds, on the given event loop.
public typealias DocumentFetch = @Sendable (String, any EventLoop) -> EventLoopFuture<FetchedDocument>

/// HTTP for issuers' documents: https only but for loopback, no redirects, small answers, little time.
///
/// Redirects are not followed at all: an issuer publishes its documents where its metadata says, and following would
/// let whoever answers there choose what this host connects to.
public final class DocumentFetcher: Sendable {
    enum Fault: OwnFault, Sendable, Hashable, CustomStringConvertible {
        case insecure
        case notAURL
        case redirect(to: String)
        case status(UInt)
        case tooLarge
        /// With these codings, quoted.
        case compressed(String)
        case failed(String)
        /// This host lacks something, and the issuer was not even asked.
        case shortage(String)

        var isOwn: Bool {
            if case .shortage = self { true } else { false }
        }

        var description: String {
            switch self {
            case .insecure: "it is not an https URL (http is for loopback addresses only)"
            case .notAURL: "it is not a URL"
            case .redirect(let target): "it redirects to \(ForeignText.quoted(target)), which is not followed"
            case .status(let status): "the answer has status \(status)"
            case .tooLarge: "the answer is larger than \(DocumentFetcher.maximumBytes) bytes"
            case .compressed(let codings): ContentCoding.sentence(codings)
            case .failed(let reason), .shortage(let reason): reason
            }
        }
    }

    static let maximumBytes = 256 * 1024
    /// For connecting, for each read, and for the whole: a server that sends a byte now and then gains nothing.
    static let timeout = TimeAmount.seconds(5)

    private let client: HTTPClient

    /// - Parameter tls: whom to trust.
    public init(group: any EventLoopGroup, tls: TLSConfiguration) {
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.redirectConfiguration = .disallow
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: Self.timeout, read: Self.timeout)
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    deinit {
        // The client insists on being shut down, and keeps itself alive until it is; waiting here could block an event
        // loop.
        client.shutdown(queue: .global()) { [client] _ in withExtendedLifetime(client) {} }
    }

    public func fetch(_ url: String, on eventLoop: any EventLoop) -> EventLoopFuture<FetchedDocument> {
        guard IssuerConfiguration.isSecure(url) else { return eventLoop.makeFailedFuture(Fault.insecure) }
        let request: HTTPClient.Request
        do {
            request = try HTTPClient.Request(
                url: url,
                headers: [
                    "accept": "application/json", ContentCoding.asked.name: ContentCoding.asked.value,
                    "user-agent": "toolhost/\(HostVersion.current)",
                ])
        } catch {
            return eventLoop.makeFailedFuture(Fault.notAURL)
        }
        let answer = client.execute(
            request: request, delegate: ResponseAccumulator(request: request, maxBodySize: Self.maximumBytes),
            eventLoop: .delegateAndChannel(on: eventLoop), deadline: .now() + Self.timeout
        ).futureResult
        return answer.flatMapErrorThrowing { throw Self.fault($0) }.flatMapThrowing(Self.document)
    }

    private static func document(_ response: HTTPClient.Response) throws -> FetchedDocument {
        switch response.status.code {
        case 200: break
        case 300..<400: throw Fault.redirect(to: response.headers.first(name: "location") ?? "")
        default: throw Fault.status(response.status.code)
        }
        if let compression = ContentCoding.compression(response.headers["content-encoding"]) {
            throw Fault.compressed(compression)
        }
        return FetchedDocument(
            body: response.body.map { Array($0.readableBytesView) } ?? [],
            maximumAge: maximumAge(response.headers[canonicalForm: "cache-control"].map(String.init)),
            date: response.headers.first(name: "date"))
    }

    /// RFC 9111 section 5.2.2.1; what is no number counts as not said.
    static func maximumAge(_ directives: [String]) -> Double? {
        for directive in directives.map({ $0.trimmed.lowercased() }) where directive.hasPrefix("max-age=") {
            return Int64(directive.dropFirst("max-age=".count).filter { $0 != "\"" }).map(Double.init)
        }
        return nil
    }

    static func isShortage(_ error: any Error) -> Bool {
        (error as? any OwnFault)?.isOwn ?? false
    }

    private static func fault(_ error: any Error) -> Fault {
        switch error {
        case let fault as Fault: return fault
        case is ResponseAccumulator.ResponseTooBigError: return .tooLarge
        case let error as HTTPClientError
        where [.deadlineExceeded, .readTimeout, .connectTimeout].contains(error):
            return .failed("there was no complete answer within \(timeout.text)")
        default:
            if let reason = LocalShortage.reason(of: error) { return .shortage(reason) }
            return .failed("it cannot be reached: \(ConnectionFailure.reason(of: error))")
        }
    }
}
