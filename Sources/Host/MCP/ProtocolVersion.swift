// Which revisions of MCP are spoken here, and what sets them apart.

/// A revision of the Model Context Protocol, from the oldest to the newest.
enum ProtocolVersion: String, Sendable, CaseIterable {
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// The two ways of talking: with a handshake and sessions, or with everything in each request.
    enum Era: String, Sendable {
        case legacy, modern
    }

    var era: Era { self == .july2026 ? .modern : .legacy }

    /// Several messages in one array; taken out of the protocol with 2025-06-18.
    var takesBatches: Bool { self == .march2025 }

    static let newestLegacy = ProtocolVersion.november2025
    static let modern = ProtocolVersion.july2026

    /// - Parameter text: as it stands in a field or a message; the one that every modern request has comes first.
    init?(_ text: String) {
        if text.isSame(as: Self.modern.rawValue) {
            self = .modern
        } else {
            self.init(rawValue: text)
        }
    }

    /// Answers `initialize`: the version asked for, or else the newest one that can be had that way (lifecycle,
    /// "Version Negotiation").
    static func negotiated(_ requested: String) -> ProtocolVersion {
        guard let version = ProtocolVersion(rawValue: requested), version.era == .legacy else { return newestLegacy }
        return version
    }
}
