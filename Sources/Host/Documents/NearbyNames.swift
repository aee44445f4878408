// Which tools a name that no tool has may mean: misspelt, in another case, or with a prefix that some client put before
// it.

import HostBase
import HostCaller
import HostCalls
import HostDoor
import HostTools

/// Finds names that resemble another one.
public enum NearbyNames {
    /// The most names that are suggested.
    static let limit = 3
    /// Longer names than these are nobody's slip of the pen. A tool's own has at most 64 bytes.
    private static let longest = 160
    /// Changes of a letter that a slip may take.
    private static let tolerance = 3

    /// The best first; names that are suggested have to pass `isVisible`.
    ///
    /// - Parameter takesShortForms: whether the beginning of a name may stand for it, as people write it by hand (`v`,
    ///   `tag` for `tags`); then a slip in a short name counts too. Models write names out, so that of tools it may
    ///   not.
    public static func near(
        _ name: String, among names: some Sequence<String>, takesShortForms: Bool = false,
        where isVisible: (String) -> Bool
    ) -> [String] {
        let wanted = fold(name)
        guard !wanted.isEmpty, name.utf8.count <= longest else { return [] }
        var found: [(name: String, distance: Int)] = []
        for candidate in names {
            guard let distance = distance(wanted, fold(candidate), takesShortForms), isVisible(candidate) else {
                continue
            }
            found.append((candidate, distance))
        }
        return found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
    }

    /// "Did you mean a, b or c?", and nothing where there is no name.
    public static func question(_ names: [String]) -> String {
        guard let last = names.last else { return "" }
        let others = names.dropLast().joined(separator: ", ")
        return "Did you mean \(others.isEmpty ? last : "\(others) or \(last)")?"
    }

    /// 0: the same but for case and separators; 1: with something before or behind it; more: misspelt. `nil`: another
    /// one.
    private static func distance(_ wanted: [UInt8], _ name: [UInt8], _ takesShortForms: Bool) -> Int? {
        if wanted == name { return 0 }
        if takesShortForms, name.starts(with: wanted) { return 1 }
        if name.count >= 3, isPart(name, of: wanted) { return 1 }
        // Short names are all near to each other.
        let length = max(wanted.count, name.count)
        let allowed = takesShortForms ? min(2, length / 2) : length < 5 ? 0 : min(tolerance, length / 4)
        guard abs(wanted.count - name.count) <= allowed else { return nil }
        let distance = EditDistance.between(
            String(decoding: wanted, as: UTF8.self), String(decoding: name, as: UTF8.self))
        return distance <= allowed ? distance + 1 : nil
    }

    /// `server__name`, `mcp_server_name`, `functions.name`.
    private static func isPart(_ name: [UInt8], of wanted: [UInt8]) -> Bool {
        let rest = wanted.count - name.count
        guard rest > 1 else { return false }
        let separator = UInt8(ascii: "_")
        return (wanted.suffix(name.count).elementsEqual(name) && wanted[rest - 1] == separator)
            || (wanted.prefix(name.count).elementsEqual(name) && wanted[name.count] == separator)
    }

    /// In lower case, and with one separator for all that clients and models use.
    private static func fold(_ name: String) -> [UInt8] {
        name.utf8.prefix(longest + 1).map { byte in
            switch byte {
            case 0x41...0x5A: byte | 0x20
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: " "):
                UInt8(ascii: "_")
            default: byte
            }
        }
    }
}

extension Snapshot {
    /// A question that names tools which may have been meant, of those that the caller may call; empty where there is
    /// none.
    public func question(about name: String, for principal: Principal, under policy: AccessPolicy) -> String {
        NearbyNames.question(
            NearbyNames.near(name, among: tools.lazy.map(\.name)) { candidate in
                tool(named: candidate).map { policy.shows($0.descriptor.scopes, to: principal) } ?? false
            })
    }
}
