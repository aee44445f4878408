// The table of what MCP is spoken here: the revisions, the era of each, how a message is known to be of an era, how an
// era is answered, and who reads and does what it asks for. Another revision or era is another row of each.

import HostBase
import HostHTTP
import JSON

/// A revision of the Model Context Protocol, from the oldest to the newest.
enum ProtocolVersion: String, Sendable, CaseIterable {
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    var era: Era {
        switch self {
        case .march2025, .june2025, .november2025: .legacy
        case .july2026: .modern
        }
    }

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

extension ProtocolVersion {
    /// A way of talking. In the log by its name.
    enum Era: String, Sendable {
        /// A handshake, `initialize`; then requests within the session of its answer, `Mcp-Session-Id`.
        case legacy
        /// Everything in each request: the version as `MCP-Protocol-Version` and in the message's `_meta`.
        case modern

        // Always inlined, it costs a call no more than to ask which era it is.
        @inline(__always) var row: EraRow {
            switch self {
            case .legacy:
                EraRow(
                    methods: "ping, tools/list, tools/call",
                    errorsHaveStatus: false, goneIsCancelled: false, headRepeatsArguments: false,
                    structureIsAnyJSON: false, resultsStandAlone: false)
            case .modern:
                EraRow(
                    methods: "server/discover, tools/list, tools/call, subscriptions/listen",
                    errorsHaveStatus: true, goneIsCancelled: true, headRepeatsArguments: true,
                    structureIsAnyJSON: true, resultsStandAlone: true)
            }
        }
    }
}

/// What sets an era apart for whoever serves all of them: calls (`ToolCalls`), lists (`ToolCatalogue`), answers
/// (`Question`, `ToolResult`).
struct EraRow: Sendable {
    /// For whoever asks for another one.
    let methods: String
    /// Whether an error has its own HTTP status: the client libraries of the legacy era take any other than 200 for a
    /// broken transport.
    let errorsHaveStatus: Bool
    /// Whether a client that goes away has cancelled its call.
    let goneIsCancelled: Bool
    /// Whether arguments stand in the head as well, where their tool says so (`Mcp-Param-…`).
    let headRepeatsArguments: Bool
    /// Whether a tool's result may be structure without being an object.
    let structureIsAnyJSON: Bool
    /// Whether each result says itself that it is whole, whose it is, and how long a list may be kept.
    let resultsStandAlone: Bool
}

/// The choice between a handshake with sessions and everything in each request, made from nothing but the request
/// (2026-07-28, versioning, "Backward Compatibility").
enum EraChoice: Equatable {
    case modern
    case legacy
    case refused(RPCError)

    /// - Parameters:
    ///   - header: `MCP-Protocol-Version`.
    ///   - meta: the version in `_meta` of the message.
    init(header: String?, meta: String?, method: String) {
        let stated = header.map { ProtocolVersion($0) }
        let inMessage = meta.map { ProtocolVersion($0) }
        if case .some(.some(let version)) = stated, version.era == .modern {
            self = .modern
        } else if let inMessage, inMessage?.era != .legacy {
            // The checks of the modern era find out whether header and message agree, and on what.
            self = .modern
        } else if method == MCPMethod.initialize {
            // Negotiates a version itself; the header is for what follows.
            self = .legacy
        } else if case .some(.none) = stated {
            self = .refused(.unsupportedVersion(header ?? ""))
        } else {
            self = .legacy
        }
    }
}

/// Who reads the requests of each era, as what, and who does what they ask for. `QuickCall` reads the usual call
/// before.
struct Eras: Sendable {
    let legacy: LegacyEra
    let modern: ModernEra

    /// Answers a message, now or later.
    func answer(_ message: RPCMessage, _ turn: Turn) {
        let stated = turn.request.fields.version
        let asked: Question?
        switch EraChoice(
            header: stated, meta: message.meta?[.version]?.string(like: stated), method: message.method)
        {
        case .legacy: asked = legacy.question(message, turn)
        case .modern: asked = modern.question(message, turn)
        case .refused(let error): return turn.reply.answer(error.response(id: message.id))
        }
        guard let question = asked else { return }
        do throws(RPCError) {
            switch question.era {
            case .legacy:
                let demand: LegacyDemand = try LegacyCodec.demand(message)
                try legacy.answer(demand, question)
            case .modern:
                let demand: ModernDemand = try ModernCodec.demand(message, question.request.fields)
                try modern.answer(demand, question)
            }
        } catch {
            question.answer(error)
        }
    }

    /// Several messages at once: there is one era whose messages come so.
    func answer(batch root: JSONNode, _ turn: Turn) {
        legacy.answer(batch: root, turn)
    }
}
