// What all packs' requests share: the client, the credentials, and what is known of each origin.

import HostBase
import HostNetwork
import Logging
import NIOCore
import Synchronization

/// The host's side of the service `http/1`, without the contract's tables.
public final class Outbound: Sendable {
    /// What an attempt says of its origin.
    enum Verdict: Sendable {
        case answered, failed
        /// Nothing: it was given up on the way.
        case withdrawn

        /// What a service that is well answers in, however short a time a pack or a call has left for it.
        static let patience = TimeAmount.seconds(1)

        /// An origin that keeps a request until its deadline has failed; one that had hardly any time for it has not.
        ///
        /// - Parameter time: how long the attempt was on its way; zero when it had not begun.
        init(deadlineAfter time: TimeAmount) {
            self = time >= Self.patience ? .failed : .withdrawn
        }
    }

    let client: WireClient
    let credentials: BackendCredentials?
    public let health: HealthWatch
    let logger: Logger
    private let settings: OutboundSettings
    private let group: any EventLoopGroup
    private let shortage = Notice()
    private let circuits = Mutex<[Origin: Circuit]>([:])

    package init(
        settings: OutboundSettings, group: any EventLoopGroup, lookup: NameLookup = NameLookup(), logger: Logger
    ) {
        self.settings = settings
        self.group = group
        self.logger = logger
        client = WireClient(group: group, settings: settings, lookup: lookup)
        credentials = BackendCredentials(settings: settings, client: client, logger: logger)
        health = HealthWatch(client: client, interval: settings.healthInterval, logger: logger)
    }

    /// The loop of this thread where it is one, else any.
    public var eventLoop: any EventLoop { group.any() }

    /// What a pack may do, as its YAML says, or by default.
    public func policy(for rules: OutboundRules) -> OutboundPolicy {
        OutboundPolicy(
            origins: Set(rules.origins ?? settings.agentsOrigin.map { [$0] } ?? []),
            keyedOrigins: Set(rules.keyedOrigins),
            maxResponseBytes: rules.maxResponseBytes ?? settings.maxResponseBytes)
    }

    /// Whether credentials are the host's business there, whether it has any or not.
    public func ownsCredentials(for origin: Origin) -> Bool { settings.agentsOrigin == origin }

    /// Whether an attempt may begin.
    ///
    /// The end of one that does has to be recorded.
    func admission(to origin: Origin) -> Circuit.Admission {
        let now = NIODeadline.now()
        if let time = health.refusal(of: origin, now) { return .refuse(time) }
        return circuits.withLock { $0[origin, default: circuit].admit(now) }
    }

    /// - Parameter admission: the number with which the attempt passed.
    func record(_ verdict: Verdict, of origin: Origin, _ admission: Int) {
        let change = circuits.withLock { circuits -> Circuit.Change? in
            switch verdict {
            case .answered: return circuits[origin, default: circuit].succeeded()
            case .failed: return circuits[origin, default: circuit].failed(admission, .now())
            case .withdrawn:
                circuits[origin, default: circuit].withdrawn(admission, .now())
                return nil
            }
        }
        switch change {
        case .opened(let pause):
            logger.warning(
                "a backend failed again and again and is left alone",
                metadata: ["origin": "\(origin)", "pause": "\(pause.text)"])
        case .closed:
            logger.notice("a backend answers again", metadata: ["origin": "\(origin)"])
        case nil: break
        }
    }

    /// A request that was not even tried.
    ///
    /// - Parameters:
    ///   - tool: `nil` where the pack asks for itself.
    ///   - requestID: of the call that it was for.
    public func logRefused(_ failure: OutboundFailure, _ packID: String, tool: String?, requestID: String?) {
        var metadata: Logger.Metadata = [
            "pack": "\(packID)", "failure": "\(failure.kind.rawValue)", "reason": "\(failure.message)",
        ]
        if let tool { metadata["tool"] = "\(tool)" }
        if let requestID { metadata["request_id"] = "\(requestID)" }
        logger.warning("a request of a pack is not sent", metadata: metadata)
    }

    /// A request got no further than this host. Told when it begins and when it is over.
    func logShortage(_ reason: String) {
        shortage.met(on: eventLoop) {
            logger.error(
                "requests of packs cannot be sent: this host lacks something", metadata: ["reason": "\(reason)"])
        } ended: { [logger] summary in
            logger.notice(
                "this host does not lack what requests of packs take any more",
                metadata: ["after": "\(summary.duration.text)", "failed": "\(summary.times)"])
        }
    }

    /// - Parameter reason: names origins, and neither path nor query.
    func logRedirected(_ reason: String, _ packID: String, requestID: String) {
        var metadata: Logger.Metadata = ["pack": "\(packID)", "reason": "\(reason)"]
        if !requestID.isEmpty { metadata["request_id"] = "\(requestID)" }
        logger.warning("a backend redirects to where requests do not go", metadata: metadata)
    }

    /// A pack kept an event loop.
    public func logSlow(_ packID: String, _ time: TimeAmount) {
        logger.warning(
            "a pack's callback kept the network waiting",
            metadata: ["pack": "\(packID)", "ms": "\(time.nanoseconds / 1_000_000)"])
    }

    private var circuit: Circuit {
        Circuit(threshold: settings.circuitFailures, firstPause: settings.circuitPause)
    }
}
