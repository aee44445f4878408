// The keys of one issuer, and the choice of the one that a token was signed with.

import HostBase
import JSON

/// A JWK Set (RFC 7517 section 5) without the keys that cannot be used.
public struct JSONWebKeySet: Sendable {
    /// A member that was left out: its `kid` and why, for the log.
    public struct Skipped: Sendable, Hashable {
        var index: Int
        public var keyID: String?
        public var reason: KeySkipReason
    }

    /// Why a document is no key set at all.
    public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        case notJSON(String)
        case noKeysMember
        case tooManyKeys(Int)

        public var description: String {
            switch self {
            case .notJSON(let reason): "the answer is not strict JSON: \(reason)"
            case .noKeysMember: "the answer is no key set: it has no array named keys (RFC 7517 section 5)"
            case .tooManyKeys(let count):
                "the key set has \(count) keys, more than the \(JSONWebKeySet.maximumKeys) that are read"
            }
        }
    }

    /// More than any provider publishes; each one costs parsing.
    static let maximumKeys = 64

    public let keys: [JSONWebKey]
    public let skipped: [Skipped]

    init(keys: [JSONWebKey]) {
        self.keys = keys
        skipped = []
    }

    /// Reads a document. A broken or unknown key is skipped, as section 5 demands, so that it does not take the others
    /// with it.
    public init(parsing document: [UInt8]) throws(Fault) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: document, limits: JSONLimits(depth: 8))
        } catch {
            throw .notJSON(error.reason)
        }
        guard let members = value["keys"]?.array else { throw .noKeysMember }
        guard members.count <= Self.maximumKeys else { throw .tooManyKeys(members.count) }
        var keys: [JSONWebKey] = []
        var skipped: [Skipped] = []
        for (index, member) in members.enumerated() {
            do throws(KeySkipReason) {
                keys.append(try JSONWebKey(member))
            } catch {
                skipped.append(Skipped(index: index, keyID: member["kid"]?.string, reason: error))
            }
        }
        self.keys = keys
        self.skipped = skipped
    }

    /// The one key for a token that states `id` and `algorithm`.
    ///
    /// A key is never chosen by default: without a `kid` there must be exactly one that fits. A `kid` may stand for
    /// keys of several types (RFC 7517 section 4.5), of which the algorithm picks one. One key that stands in the set
    /// more than once, under whatever names, is one key.
    func key(id: String?, algorithm: SignatureAlgorithm) throws(RefusalReason) -> JSONWebKey {
        let named = keys.filter { key in
            guard let id else { return true }
            return key.id.map(id.isSame(as:)) ?? false
        }
        let fitting = named.filter { $0.allows(algorithm) }
        guard let key = fitting.first else {
            throw named.isEmpty || id == nil ? .unknownKeyID : .algorithm
        }
        guard fitting.dropFirst().allSatisfy({ $0.issuer == key.issuer && $0.publicKey.isSame(as: key.publicKey) })
        else { throw .ambiguousKey }
        return key
    }

    /// Whether a token with one of these algorithms can be verified at all.
    public func hasKey(for algorithms: [SignatureAlgorithm]) -> Bool {
        keys.contains { key in algorithms.contains(where: key.allows) }
    }

    /// Whether the same keys would verify the same tokens: what decides if verified tokens may be remembered on.
    func isEquivalent(to other: Self) -> Bool {
        keys.count == other.keys.count
            && zip(keys, other.keys).allSatisfy {
                $0.id == $1.id && $0.algorithm == $1.algorithm && $0.issuer == $1.issuer
                    && $0.publicKey.isSame(as: $1.publicKey)
            }
    }
}
