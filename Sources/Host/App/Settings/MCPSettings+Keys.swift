// The keys of MCP.

import HostHTTP
import HostMCP
import HostNetwork

extension MCPSettings {
    private static let longestInstructions = 16 * 1024

    init(_ reader: SettingsReader) throws(SettingsError) {
        let written = reader.string(.mcpInstructions)
        let instructions = written.isEmpty ? reader.string(.serviceDescription) : written
        guard instructions.utf8.count <= Self.longestInstructions else {
            throw reader.error(.mcpInstructions, "has more than \(Self.longestInstructions) bytes")
        }
        let count = instructions.unicodeScalars.count
        var warnings: [String] = []
        if count > ServerFacts.instructionsReach {
            warnings.append(
                "\(SettingKey.mcpInstructions.name) has \(count) characters; some clients pass on only the first "
                    + "\(ServerFacts.instructionsReach)")
        }
        let pageSize = try reader.integer(.mcpPageSize, 1...10_000)
        var allowedHosts: [String] = []
        for item in reader.list(.mcpAllowedHosts) { allowedHosts.append(try Self.allowedHost(item, reader)) }
        let challenge = reader.string(.openAIAppsChallenge)
        guard challenge.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), challenge.utf8.count <= 1024 else {
            throw reader.error(.openAIAppsChallenge, "is not at most 1024 printable characters without spaces")
        }
        self.init(
            instructions: instructions.isEmpty ? nil : instructions, pageSize: pageSize, allowedHosts: allowedHosts,
            appsChallenge: challenge.isEmpty ? nil : challenge, warnings: warnings)
    }

    /// A name or an address, an IPv6 one with brackets or without.
    private static func allowedHost(_ item: String, _ reader: SettingsReader) throws(SettingsError) -> String {
        if IPv6Address.canonical(item) != nil, let address = Authority("[\(item)]") { return address.host }
        guard let authority = Authority(item) else {
            throw reader.error(.mcpAllowedHosts, "has \"\(item)\", which is neither the name of a host nor an address")
        }
        guard authority.port == nil, !item.hasSuffix(":") else {
            throw reader.error(.mcpAllowedHosts, "has \"\(item)\", a host with a port: leave the port out, any will do")
        }
        return authority.host
    }
}
