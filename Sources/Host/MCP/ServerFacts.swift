// What the host says of itself to clients of MCP: name, version, capabilities, instructions.

import HostDocuments
import JSON

/// The answers to `server/discover` and `initialize`, but for what each request decides.
public struct ServerFacts: Sendable {
    /// MCP's `Implementation`, short, as it stands in every modern result.
    let info: JSONValue
    /// `{"io.modelcontextprotocol/serverInfo": …}` in bytes.
    let meta: [UInt8]
    /// The `result` of `server/discover`.
    let discovery: [UInt8]
    private let fullInfo: JSONValue
    private let instructions: String?

    /// Characters of the instructions that every client passes on to its model.
    public static let instructionsReach = 512

    /// - Parameters:
    ///   - version: of all tools, whoever asks, as in the OpenAPI document that has all of them.
    ///   - isPublic: whether anybody may know this.
    init(deployment: Deployment, version: PublishedVersion, instructions: String?, isPublic: Bool) {
        info = [
            "name": .string(deployment.modelName), "title": .string(deployment.title),
            "version": .string(version.text),
        ]
        var full = info.object ?? [:]
        full["description"] = .string(deployment.summary)
        full["websiteUrl"] = .string(deployment.publicURL)
        let logo = deployment.logoURL ?? deployment.publicURL + "/logo.svg"
        full["icons"] = [["src": .string(logo), "mimeType": .string(Logo.mediaType), "sizes": ["any"]]]
        fullInfo = .object(full)
        self.instructions = instructions
        meta = JSONValue([MetaKey.serverInfo: info]).bytes()
        var discovery = JSONObject()
        discovery["supportedVersions"] = .array(
            ProtocolVersion.allCases.reversed().map { .string($0.rawValue) })
        discovery["capabilities"] = ["tools": ["listChanged": true]]
        if let instructions { discovery["instructions"] = .string(instructions) }
        discovery["ttlMs"] = JSONValue(ToolCatalogue.timeToLive)
        discovery["cacheScope"] = isPublic ? "public" : "private"
        discovery["resultType"] = "complete"
        discovery["_meta"] = [MetaKey.serverInfo: fullInfo]
        self.discovery = JSONValue.object(discovery).bytes()
    }

    /// The `result` of `initialize`. Without a stream that outlives requests nobody can be told of changes.
    func initialization(_ version: ProtocolVersion) -> [UInt8] {
        var result = JSONObject()
        result["protocolVersion"] = .string(version.rawValue)
        result["capabilities"] = ["tools": ["listChanged": false]]
        result["serverInfo"] = fullInfo
        if let instructions { result["instructions"] = .string(instructions) }
        return JSONValue.object(result).bytes()
    }
}
