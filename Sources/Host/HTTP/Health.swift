// What a load balancer and a passer-by may know of the host's state; reasons are for the operator's log.

import JSONSchema
import NIOCore
import NIOHTTP1

/// Makes the answer to `GET /health`.
enum Health {
    /// Calls that are open this long after their deadline are counted as stuck.
    private static let patience = TimeAmount.minutes(2)

    /// - Parameter issuers: How the keys of each issuer are.
    static func response(
        _ snapshot: Snapshot, issuers: [(issuer: String, condition: JWKSCache.Condition)]
    ) -> Response {
        let stuck = snapshot.packs.reduce(0) { $0 + $1.stuckCalls(longerThan: patience) }
        let stuckPacks = snapshot.packs.count(where: \.isStuck)
        let waiting = snapshot.packs.filter { $0.link.http?.isWaiting == true }.map(\.id)
        // A host without a tool answers, but has nothing to offer: a folder that was not mounted looks like that.
        let isDegraded =
            snapshot.tools.isEmpty || stuck > 0 || stuckPacks > 0 || !waiting.isEmpty
            || issuers.contains { $0.condition != .fresh }
        var body: JSONObject = [
            "status": .string(isDegraded ? "degraded" : "ok"),
            "version": .string(HostVersion.current),
            "packs": JSONValue(Int64(snapshot.packs.count)),
            "tools": JSONValue(Int64(snapshot.tools.count)),
            "refused": JSONValue(Int64(Set(snapshot.refusals.map(\.file)).count)),
        ]
        if stuck > 0 { body["stuck_calls"] = JSONValue(Int64(stuck)) }
        if stuckPacks > 0 { body["stuck_packs"] = JSONValue(Int64(stuckPacks)) }
        if !waiting.isEmpty { body["waiting_packs"] = .array(waiting.map(JSONValue.string)) }
        if !issuers.isEmpty {
            body["issuers"] = .array(
                issuers.map { ["issuer": .string($0.issuer), "keys": .string($0.condition.rawValue)] })
        }
        return Response.json(JSONValue.object(body).bytes()).with("cache-control", "no-store")
    }
}

/// Makes the answer to `GET /`: where to go from here.
enum Index {
    static func body(publicURL: String, title: String) -> [UInt8] {
        let index: JSONValue = [
            "title": .string(title),
            "openapi": .string(publicURL + "/.well-known/openapi.json"),
            "mcp": .string(publicURL + MCPEndpoint.path),
            "actions_manifest": .string(publicURL + "/.well-known/ai-plugin.json"),
            "health": .string(publicURL + "/health"),
        ]
        return index.bytes()
    }
}
