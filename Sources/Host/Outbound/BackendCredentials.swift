// Who the host is at the origin of NEXTJS_URL: an API key, or a token that it gets and keeps; packs see neither.

import HostBase
import HostNetwork
import JSON
import Logging
import NIOCore
import Synchronization

/// Attaches credentials to requests for one origin, and to no other request.
public final class BackendCredentials: Sendable {
    public struct Fault: Error, Sendable, CustomStringConvertible {
        /// For the log.
        public var reason: String
        public var description: String { reason }
        var retryAfter: TimeAmount
        /// This host is out of what it takes to ask.
        var isShortage = false
    }

    /// What goes into a request.
    struct Proof: Sendable {
        var fields: [(name: String, value: String)] = []
        /// The token among them that could turn out to be rejected.
        var token: String?
        var hasUserToken = false
    }

    private struct State {
        var cache = TokenCache()
        var waiting: [EventLoopPromise<String>] = []
    }

    /// Time to get a token.
    private static let timeout = TimeAmount.seconds(5)
    private static let maximumBytes = 64 * 1024

    let origin: Origin
    private let credential: OutboundSettings.Credential
    private let forwardsUserToken: Bool
    private let client: WireClient
    private let logger: Logger
    private let state = Mutex(State())

    /// - Returns: `nil` when the host has nothing to show there.
    init?(settings: OutboundSettings, client: WireClient, logger: Logger) {
        guard let origin = settings.agentsOrigin else { return nil }
        if case .none = settings.credential, !settings.forwardsUserToken { return nil }
        self.origin = origin
        credential = settings.credential
        forwardsUserToken = settings.forwardsUserToken
        self.client = client
        self.logger = logger
    }

    /// - Parameter userToken: What the caller brought and the host verified.
    func proof(userToken: String?, on eventLoop: any EventLoop) -> EventLoopFuture<Proof> {
        var proof = Proof()
        if forwardsUserToken, let userToken {
            proof.fields.append(("X-User-Token", userToken))
            proof.hasUserToken = true
        }
        switch credential {
        case .none:
            return eventLoop.makeSucceededFuture(proof)
        case .apiKey(let key):
            proof.fields.append(("X-MCP-API-Key", key))
            return eventLoop.makeSucceededFuture(proof)
        case .token(let grant):
            return token(grant, on: eventLoop).map { [proof] token in
                var proof = proof
                proof.fields.append(("Authorization", "Bearer \(token)"))
                proof.token = token
                return proof
            }
        }
    }

    /// The backend answered 401 to a request with a token of the host's.
    ///
    /// - Returns: whether to ask once more, with another token. Where a user's token went along, it may be that one
    ///   that was rejected; nobody can tell.
    func reject(_ proof: Proof) -> Bool {
        guard let token = proof.token else { return false }
        let rejection = state.withLock { $0.cache.reject(token, .now()) }
        if rejection == .stands {
            logger.warning(
                proof.hasUserToken
                    ? "the agents API rejects a new token of this host, or the user's token beside it"
                    : "the agents API rejects a new token of this host",
                metadata: ["origin": "\(origin)"])
        }
        return rejection == .retry
    }

    private func token(_ grant: OutboundSettings.Client, on eventLoop: any EventLoop) -> EventLoopFuture<String> {
        let promise = eventLoop.makePromise(of: String.self)
        let need = state.withLock { state in
            let need = state.cache.need(.now())
            if need == .fetch || need == .wait { state.waiting.append(promise) }
            return need
        }
        switch need {
        case .use(let token, let renews):
            promise.succeed(token)
            if renews { fetch(grant, on: eventLoop) }
        case .refuse(let time):
            promise.fail(Fault(reason: "the token endpoint failed a moment ago", retryAfter: time))
        case .fetch:
            fetch(grant, on: eventLoop)
        case .wait:
            break
        }
        return promise.futureResult
    }

    private func fetch(_ grant: OutboundSettings.Client, on eventLoop: any EventLoop) {
        let exchange = client.exchange(
            Self.request(grant), deadline: .now() + Self.timeout, on: eventLoop)
        exchange.reply.whenComplete { result in
            let now = NIODeadline.now()
            let outcome = result.mapError {
                Fault(
                    reason: WireFault.reason(of: $0), retryAfter: TokenCache.pause,
                    isShortage: WireFault.isShortage($0))
            }
            .flatMap { Self.token(in: $0, now: now) }
            let waiting = self.state.withLock { state in
                switch outcome {
                case .success(let token): state.cache.fetched(token)
                case .failure(let fault): fault.isShortage ? state.cache.gaveUp() : state.cache.failed(now)
                }
                defer { state.waiting = [] }
                return state.waiting
            }
            if case .failure(let fault) = outcome, !fault.isShortage {
                self.logger.error(
                    "the token endpoint of the agents API gives no token",
                    metadata: ["origin": "\(grant.tokenEndpoint.origin)", "reason": "\(fault.reason)"])
            }
            for promise in waiting { promise.completeWith(outcome.map(\.value).mapError { $0 }) }
        }
    }

    /// RFC 6749 section 4.4.2, the client named as section 2.3.1 wants every server to take it.
    public static func request(_ grant: OutboundSettings.Client) -> WireRequest {
        var form = "grant_type=client_credentials"
        if !grant.scope.isEmpty { form += "&scope=\(formEncoded(grant.scope))" }
        let pair = "\(formEncoded(grant.id)):\(formEncoded(grant.secret))"
        return WireRequest(
            method: "POST", url: grant.tokenEndpoint,
            fields: [
                ("Authorization", "Basic \(Base64.standard.encode(Array(pair.utf8)))"),
                ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
                ("User-Agent", "toolhost/\(HostVersion.current)"), ContentCoding.asked,
            ],
            body: ByteBuffer(string: form), limit: maximumBytes)
    }

    /// RFC 6749 section 5.1.
    public static func token(in reply: WireReply, now: NIODeadline) -> Result<TokenCache.Token, Fault> {
        func fault(_ reason: String) -> Result<TokenCache.Token, Fault> {
            .failure(Fault(reason: reason, retryAfter: TokenCache.pause))
        }
        guard reply.status == 200 else { return fault("it answers with status \(reply.status)") }
        guard let answer = try? JSONValue(parsing: Array(reply.body.readableBytesView)) else {
            return fault(reply.compression.map(ContentCoding.sentence) ?? "it does not answer with JSON")
        }
        guard let token = answer["access_token"]?.string, token.utf8.isB64Token else {
            return fault("its answer has no access_token")
        }
        guard answer["token_type"]?.string?.lowercased() == "bearer" else {
            return fault("its token is not of the type Bearer")
        }
        let lifetime = answer["expires_in"]?.int64.map { TimeAmount.seconds(min(max($0, 0), 86_400)) }
        return .success(TokenCache.Token(value: token, lifetime: lifetime, now: now))
    }

    /// As forms have it (RFC 6749 appendix B).
    static func formEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2A, 0x2D, 0x2E, 0x5F:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20: result += "+"
            default:
                result += "%" + byte.hexadecimal.uppercased()
            }
        }
    }
}
