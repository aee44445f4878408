// How often each call has asked at each place under its idempotency key, as a value.

import ToolABI

/// Where a call asks under its idempotency key.
public struct KeyedRequest: Sendable, Hashable {
    var call: tool_call_id
    /// Method and URL.
    public var name: String
    /// How often the call has asked there before.
    public var earlier: Int
}

/// Numbers the requests of each call to each place, so that two of them are two to the backend, and the same two when
/// the client repeats its call.
public struct KeyedRequests: Sendable {
    private var counts: [tool_call_id: [String: Int]] = [:]

    public init() {}

    /// - Returns: the place, and whether it is the first one of this call.
    public mutating func ask(_ call: tool_call_id, at name: String) -> (place: KeyedRequest, isFirst: Bool) {
        let isFirst = counts[call] == nil
        let earlier = counts[call]?[name] ?? 0
        counts[call, default: [:]][name] = earlier + 1
        return (KeyedRequest(call: call, name: name, earlier: earlier), isFirst)
    }

    /// What never left has not asked: the next request there is the one that the backend will know under this key. Only
    /// the last one can be given back; after another one has gone its number would be that one's.
    public mutating func giveBack(_ place: KeyedRequest) {
        if counts[place.call]?[place.name] == place.earlier + 1 { counts[place.call]?[place.name] = place.earlier }
    }

    /// - Returns: whether anything was known of the call.
    public mutating func settled(_ call: tool_call_id) -> Bool {
        counts.removeValue(forKey: call) != nil
    }
}
