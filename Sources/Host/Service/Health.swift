// What a load balancer and a passer-by may know of the host's state; names and reasons are for the operator's log.

import HostAuth
import HostBase
import HostCalls
import HostDocuments
import HostHTTP
import HostMCP
import JSON
import NIOCore
import NIOHTTP1

/// The state of a host in numbers, at one moment.
struct Health: Sendable {
    /// What the body says in one word.
    enum Status: String, Sendable {
        case ok
        /// Serves, and somebody should look.
        case degraded
        /// No tool is served: a folder that was not mounted looks like that.
        case unavailable
        /// An event loop does not move: some connections get no answer.
        case stuck
        /// On its way down: what is open may end.
        case stopping

        /// Whether requests should be sent here.
        var isReady: Bool { self == .ok || self == .degraded }
    }

    /// Calls that are open this long after their deadline are counted as stuck.
    private static let patience = TimeAmount.minutes(2)

    var isStopping = false
    var stuckLoops = 0
    var packs = 0
    var tools = 0
    /// Files that are not served as they are.
    var refused = 0
    var stuckCalls = 0
    /// Packs that are not served because their start failed.
    var failedStarts = 0
    /// Packs that ended again and again and are not started again by themselves.
    var failedPacks = 0
    /// Tools that are not let in since they ended their packs again and again.
    var quarantinedTools = 0
    /// Packs of which every thread is kept beyond a deadline.
    var stuckPacks = 0
    /// 1 while new connections are turned away because this host lacks what they need.
    var refusing = 0
    /// Packs that wait for a backend.
    var waitingPacks = 0
    /// Packs whose latest calls failed.
    var ailingPacks = 0
    /// Issuers whose tokens are taken, and those of them whose keys are old or missing.
    var issuers = 0, ailingIssuers = 0

    var status: Status {
        if isStopping { return .stopping }
        if stuckLoops > 0 { return .stuck }
        if tools == 0 { return .unavailable }
        return troubles.allSatisfy { $0.count == 0 } ? .ok : .degraded
    }

    /// Each count that makes a host degraded, under its name in the body, where it is left out while it is 0.
    var troubles: [(name: String, count: Int)] {
        [
            ("failed_starts", failedStarts), ("failed_packs", failedPacks), ("quarantined_tools", quarantinedTools),
            ("refusing_connections", refusing), ("stuck_calls", stuckCalls), ("stuck_packs", stuckPacks),
            ("waiting_packs", waitingPacks), ("ailing_packs", ailingPacks),
            ("ailing_issuers", ailingIssuers),
        ]
    }

    // MARK: Answers

    /// Whether requests should be sent here: `/health/ready` and `/health`.
    func readiness() -> Response {
        var counts = [("packs", packs), ("tools", tools), ("refused", refused)]
        if issuers > 0 { counts.append(("issuers", issuers)) }
        counts += ([("stuck_loops", stuckLoops)] + troubles).filter { $0.1 > 0 }
        return Self.response(status, isGood: status.isReady, counts)
    }

    /// Whether the process should live on: `/health/live`. Nothing that another start would not mend counts.
    static func liveness(stuckLoops: Int) -> Response {
        let isMoving = stuckLoops == 0
        return response(isMoving ? .ok : .stuck, isGood: isMoving, isMoving ? [] : [("stuck_loops", stuckLoops)])
    }

    private static func response(_ status: Status, isGood: Bool, _ counts: [(name: String, count: Int)]) -> Response {
        var body: JSONObject = ["status": .string(status.rawValue), "version": .string(HostVersion.current)]
        for (name, count) in counts { body[name] = JSONValue(Int64(count)) }
        return Response(
            status: isGood ? .ok : .serviceUnavailable,
            headers: [("content-type", "application/json"), ("cache-control", "no-store")],
            body: .bytes(JSONValue.object(body).bytes()), reason: isGood ? nil : status.rawValue)
    }
}

extension Health {
    /// Looks at what there is.
    ///
    /// - Parameter issuers: How the keys of each issuer are.
    init(_ snapshot: Snapshot, _ state: HostState, issuers: [JWKSCache.Condition]) {
        isStopping = state.isStopping
        stuckLoops = state.stuckLoops
        failedStarts = snapshot.failedStarts
        refusing = state.refusesConnections ? 1 : 0
        packs = snapshot.packs.count
        tools = snapshot.tools.count
        refused = Set(snapshot.refusals.map(\.file)).count
        for pack in snapshot.packs {
            let desk = pack.desk
            stuckCalls += desk.stuckCalls(longerThan: Self.patience)
            if desk.engine.isGivenUp { failedPacks += 1 }
            quarantinedTools += desk.engine.quarantinedTools
            if desk.engine.isWaiting { waitingPacks += 1 }
            if desk.condition.isAiling { ailingPacks += 1 }
            if desk.isStuck { stuckPacks += 1 }
        }
        self.issuers = issuers.count
        ailingIssuers = issuers.count { $0 != .fresh }
    }
}

/// Makes the answer to `GET /`: where to go from here.
enum Index {
    static func body(_ deployment: Deployment) -> [UInt8] {
        let publicURL = deployment.publicURL
        let index: JSONValue = [
            "title": .string(deployment.title),
            "openapi": .string(publicURL + "/.well-known/openapi.json"),
            "mcp": .string(publicURL + MCPEndpoint.path),
            "actions_manifest": .string(publicURL + "/.well-known/ai-plugin.json"),
            "health": .string(publicURL + "/health"),
            "authentication": .string(deployment.credentials.advice),
        ]
        return index.bytes()
    }
}
