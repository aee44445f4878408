// What the host adds to a pack's request of what it knows of the call.

import HostBase
import HostCalls
import HostNetwork
import HostOutbound
import NIOCore

extension PackRequests {
    /// For a request that belongs to no call.
    private static let longestWithoutCall = TimeAmount.seconds(30)

    static func counter(of call: Call?) -> (@Sendable () -> Void)? {
        guard let call else { return nil }
        return { call.countAttempt() }
    }

    /// A little before the call's own deadline, so that the tool can still say what happened.
    static func deadline(_ call: Call?, timeout: UInt32) -> NIODeadline {
        let now = NIODeadline.now()
        let left = call.map { $0.deadline - now } ?? longestWithoutCall
        let margin = call == nil ? .zero : min(.milliseconds(50), left / 20)
        let end = now + left - margin
        return timeout == 0 ? end : min(end, now + .milliseconds(Int64(timeout)))
    }

    /// What the host adds, but for credentials.
    static func fields(
        beside own: [(name: String, value: String)], _ context: CallDetails?, key: String?
    ) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        if let context {
            fields.append(("X-Request-Id", context.requestID))
            if !context.traceparent.isEmpty { fields.append(("traceparent", context.traceparent)) }
        }
        func isStated(_ name: String) -> Bool { own.contains { $0.name.lowercased() == name } }
        if let key, !isStated("idempotency-key") { fields.append(("Idempotency-Key", key)) }
        if !isStated("accept-encoding") { fields.append(ContentCoding.asked) }
        if !isStated("user-agent") { fields.append(("User-Agent", "toolhost/\(HostVersion.current)")) }
        return fields
    }

    /// The key under which the backend may know a repetition, where the operator says that it honours one.
    ///
    /// To the backend the host is one client, so that two callers' keys could be the same: what goes out is a digest of
    /// the caller's key with the caller, the tool, the place that is asked and how often this call has asked there
    /// before, and tells the backend nothing of any of them. Not with the body: a caller who says something else under
    /// the same key is for the backend to refuse.
    static func idempotencyKey(_ call: Call, _ place: KeyedRequest) -> String {
        let parts = [
            call.context.owner, call.tool.name, call.context.idempotencyKey, place.name, "\(place.earlier)",
        ]
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return Base64.url.encode(Digest.sha256.hash(Array(text.utf8)))
    }
}
