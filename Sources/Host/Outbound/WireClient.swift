// The one place that opens connections for packs: each origin has a client of its own, bound to addresses that were
// checked.

import AsyncHTTPClient
import Dispatch
import HostNetwork
import NIOCore
import NIOHTTP1
import Synchronization

/// Sends requests and pools connections.
///
/// A name is looked up and its addresses are judged first; then the client is told to connect to that very address,
/// while certificate and `Host` are still those of the name. So an answer of the DNS that changes between the check and
/// the connection leads nowhere. Behind a proxy the proxy looks names up, and what it reaches is its operator's to
/// limit.
public final class WireClient: Sendable {
    /// A client that connects to one address only; it goes when the last request that uses it has ended.
    private final class BoundClient: Sendable {
        let client: HTTPClient
        /// `nil`: behind a proxy, or the origin is an address itself.
        let address: String?

        init(_ client: HTTPClient, address: String?) {
            self.client = client
            self.address = address
        }

        deinit {
            // The client insists on being shut down, and keeps itself alive until it is; waiting could block an event
            // loop.
            client.shutdown(queue: .global()) { [client] _ in withExtendedLifetime(client) {} }
        }
    }

    static let connectTimeout = TimeAmount.seconds(5)
    /// Below the five seconds after which Node.js closes an idle connection: a request that meets the close would fail,
    /// and one that changes something must not be repeated.
    private static let idleTimeout = TimeAmount.seconds(4)
    private static let connectionsPerOrigin = 256
    /// What the client does not write down, wherever it goes. Fields were judged before (`OutboundFields`).
    private static let unwritable: [HTTPClientError] = [.invalidURL, .emptyHost, .traceRequestWithBody]

    private let group: any EventLoopGroup
    private let settings: OutboundSettings
    private let lookup: NameLookup
    private let clients = Mutex<[Origin: BoundClient]>([:])

    package init(group: any EventLoopGroup, settings: OutboundSettings, lookup: NameLookup = NameLookup()) {
        self.group = group
        self.settings = settings
        self.lookup = lookup
    }

    /// - Parameter deadline: ends the exchange; `nil` where its maker cancels it.
    public func exchange(
        _ request: WireRequest, deadline: NIODeadline? = nil, on eventLoop: any EventLoop
    ) -> WireExchange {
        let exchange = WireExchange(on: eventLoop)
        let origin = request.url.origin
        if usesProxy(origin) {
            send(request, exchange, deadline, to: [nil], on: eventLoop)
            return exchange
        }
        lookup.addresses(of: origin, on: eventLoop).whenComplete { result in
            switch result {
            case .failure(let error):
                let fault = error as? NameLookup.Fault
                let reason = "\(origin.host) has no address: \(fault?.reason ?? WireFault.reason(of: error))"
                exchange.fail(fault?.isShortage == true ? .shortage(reason) : .neverSent(reason))
            case .success(let addresses):
                let usable = self.settings.addresses.usable(addresses, for: origin).compactMap(\.ipAddress)
                guard !usable.isEmpty else {
                    exchange.fail(
                        .denied(
                            "\(origin.host) stands for a private address, which OUTBOUND_PRIVATE_NETWORKS does not permit"
                        ))
                    return
                }
                self.send(request, exchange, deadline, to: self.inOrder(usable, origin)[...], on: eventLoop)
            }
        }
        return exchange
    }

    /// The address that is in use comes first: it has connections.
    private func inOrder(_ addresses: [String], _ origin: Origin) -> [String?] {
        guard let current = clients.withLock({ $0[origin]?.address }), addresses.contains(current) else {
            return addresses
        }
        return [current] + addresses.filter { $0 != current }
    }

    /// Tries one address after the other for as long as not a byte has left.
    ///
    /// - Parameter failed: what an address before these said of itself.
    private func send(
        _ request: WireRequest, _ exchange: WireExchange, _ deadline: NIODeadline?, to addresses: ArraySlice<String?>,
        after failed: WireFault? = nil, on eventLoop: any EventLoop
    ) {
        // Whoever gave it up while the name was looked up must not have it sent.
        guard !exchange.isCancelled else { return exchange.fail(.cancelled) }
        guard let address = addresses.first else { return exchange.fail(.neverSent("there is no address left")) }
        let wire: HTTPClient.Request
        do {
            wire = try HTTPClient.Request(
                url: request.url.description, method: HTTPMethod(rawValue: request.method),
                headers: HTTPHeaders(request.fields.map { ($0.name, $0.value) }),
                body: request.body.map { .byteBuffer($0) })
        } catch {
            return exchange.fail(
                .invalid(ConnectionFailure.reason(of: error)))
        }
        let bound = client(for: request.url.origin, address)
        let collector = ReplyCollector(of: request)
        let task = bound.client.execute(
            request: wire, delegate: collector, eventLoop: .delegate(on: eventLoop), deadline: deadline)
        exchange.attach { task.cancel() }
        task.futureResult.whenComplete { [bound] result in
            withExtendedLifetime(bound) {}
            switch result {
            case .success(let reply): exchange.succeed(reply)
            case .failure(let error):
                let fault = Self.fault(error, hasSent: collector.hasSent)
                let others = addresses.dropFirst()
                switch fault {
                case .neverSent where !others.isEmpty:
                    self.send(request, exchange, deadline, to: others, after: fault, on: eventLoop)
                case .shortage where !others.isEmpty:
                    self.send(request, exchange, deadline, to: others, after: failed, on: eventLoop)
                case .neverSent:
                    self.lookup.forget(request.url.origin)
                    exchange.fail(fault)
                case .shortage:
                    // An address that was reached says more than one that was not.
                    exchange.fail(failed ?? fault)
                default:
                    exchange.fail(fault)
                }
            }
        }
    }

    private static func fault(_ error: any Error, hasSent: Bool) -> WireFault {
        switch error {
        case let fault as WireFault: fault
        case let error as HTTPClientError where error == .cancelled: .cancelled
        case let error as HTTPClientError where unwritable.contains(error): .invalid(error.shortDescription)
        case _ where hasSent: .brokenOff(ConnectionFailure.reason(of: error))
        default:
            LocalShortage.reason(of: error).map(WireFault.shortage)
                ?? .neverSent(ConnectionFailure.reason(of: error))
        }
    }

    private func usesProxy(_ origin: Origin) -> Bool {
        guard settings.proxy != nil, origin.host != "localhost", !origin.host.hasSuffix(".localhost") else {
            return false
        }
        guard let address = try? SocketAddress(ipAddress: origin.host, port: origin.port) else { return true }
        return !AddressPolicy.isSpecial(address)
    }

    private func client(for origin: Origin, _ address: String?) -> BoundClient {
        let isLiteral = address == origin.host
        let address = isLiteral ? nil : address
        let (bound, old) = clients.withLock { clients in
            if let bound = clients[origin], bound.address == address { return (bound, BoundClient?.none) }
            let bound = makeClient(for: origin, address, isProxied: address == nil && !isLiteral)
            return (bound, clients.updateValue(bound, forKey: origin))
        }
        // The last reference must not go away under the lock.
        withExtendedLifetime(old) {}
        return bound
    }

    private func makeClient(for origin: Origin, _ address: String?, isProxied: Bool) -> BoundClient {
        var configuration = HTTPClient.Configuration(tlsConfiguration: settings.tls)
        configuration.redirectConfiguration = .disallow
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: Self.connectTimeout)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.idleTimeout = Self.idleTimeout
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.connectionsPerOrigin
        // A connection that fails is for the retry policy and the circuit to judge, at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let address { configuration.dnsOverride = [origin.host: address] }
        if isProxied, let proxy = settings.proxy {
            configuration.proxy = .server(host: proxy.host, port: proxy.port)
        }
        return BoundClient(
            HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration), address: address)
    }
}
