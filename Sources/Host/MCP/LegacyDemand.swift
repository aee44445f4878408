// What a request of the legacy era asks for, once it is checked: the value between its codec and whoever acts.

/// Something that a client of the legacy era wants done.
enum LegacyDemand: Sendable {
    /// A session in this version.
    case initialize(ProtocolVersion)
    /// A sign of life.
    case ping
    case list(cursor: String?)
    /// A list of something that this host has none of.
    case emptyList(EmptyList)
    case call(CallDemand)

    /// A call asks for the scopes of its tool as well, and says so at once.
    var isCall: Bool {
        if case .call = self { true } else { false }
    }
}

/// What clients list that the host has none of. Before 2026-07-28 no revision says what becomes of a request whose
/// capability the server has not named, and widespread clients take an error for the end of the server; 2026-07-28
/// wants `methodNotFound` (schema, `MethodNotFoundError`).
enum EmptyList: String, Sendable {
    case prompts = "prompts/list"
    case resources = "resources/list"
    case resourceTemplates = "resources/templates/list"

    /// The `result`.
    var result: [UInt8] {
        switch self {
        case .prompts: Array(#"{"prompts":[]}"#.utf8)
        case .resources: Array(#"{"resources":[]}"#.utf8)
        case .resourceTemplates: Array(#"{"resourceTemplates":[]}"#.utf8)
        }
    }
}
