// What `toolhost serve` tells somebody who started it by hand: where it is, what it serves, what to try next.

import HostAuth
import HostBase
import HostCalls
import HostDocuments
import HostMCP
import HostTools
import JSON

/// The greeting.
struct Welcome {
    let publicURL: String
    let snapshot: Snapshot
    let embedded: EmbeddedAuthorizationServer?
    let credentials: AcceptedCredentials
    /// Where documents about tools need a credential too (`DISCOVERY_AUTH`): the folder with the embedded server's
    /// client.
    var guardedState: String?

    var text: String {
        var lines = ["", "Toolhost \(HostVersion.current) serves \(publicURL)", ""]
        if snapshot.tools.isEmpty {
            lines.append(
                "  No tool is served: put packs into the plugins folder, or see `toolhost tools` for the reasons.")
        }
        for pack in snapshot.packs {
            let tools = snapshot.tools.filter { $0.desk === pack.desk }.map(\.name)
            if !tools.isEmpty { lines.append("  \(pack.id): \(tools.joined(separator: ", "))") }
        }
        if !snapshot.refusals.isEmpty {
            lines.append("  Refused: \(snapshot.refusals.count); `toolhost tools` says why.")
        }
        lines.append("")
        if let embedded {
            lines += [
                "  client id      \(embedded.clientID)",
                "  client secret  \(embedded.clientSecret)",
                "",
                "Get a token:",
                "  TOKEN=$(curl -s \(publicURL)\(EmbeddedAuthorizationServer.tokenPath) -d grant_type=client_credentials "
                    + "-u '\(embedded.clientID):\(embedded.clientSecret)' | jq -r .access_token)",
                "",
            ]
        } else if !authorization.isEmpty {
            let (variable, source) =
                credentials.takesTokens
                ? ("TOKEN", "The token")
                : ("KEY", "The key (that of MCP_API_KEY, or one that MCP_API_KEYS_FILE has a digest of)")
            lines += [credentials.advice, "", "\(source) is read by:", "  read -rs \(variable)", ""]
        }
        if let example {
            lines += [
                "\(example.purpose):",
                "  curl -s \(publicURL)/tools/\(example.tool) \(authorization)-H 'Content-Type: application/json' "
                    + "-d '\(example.arguments)' | jq .",
                "",
            ]
        }
        lines += [
            "Connect an MCP client:",
            "  \(publicURL)\(MCPEndpoint.path)",
            "",
            "Check every endpoint:",
            "  \(checkEnvironment)./test-chatgpt-endpoints.sh \(publicURL)",
            "",
        ]
        return lines.joined(separator: "\n")
    }

    /// What the check needs to read documents that not everybody may: variables of the shell before its command.
    private var checkEnvironment: String {
        guard let guardedState else { return "" }
        if embedded != nil { return "STATE_DIR='\(guardedState)' " }
        if credentials.takesKeys { return "TOOLHOST_API_KEY=\(credentials.takesTokens ? "KEY" : "$KEY") " }
        return credentials.takesTokens ? "TOOLHOST_CLIENT_ID=ID TOOLHOST_CLIENT_SECRET=SECRET " : ""
    }

    /// What the example says of who calls.
    var authorization: String {
        if credentials.takesTokens { return "-H \"Authorization: Bearer $TOKEN\" " }
        return credentials.takesKeys ? "-H \"\(APIKeyAuthenticator.header): $KEY\" " : ""
    }

    /// A call that changes nothing and needs no knowledge of the tool; `nil` where no tool served allows one.
    private var example: (purpose: String, tool: String, arguments: String)? {
        if let search = snapshot.tool(named: "search_products"), search.desk.id == "catalog" {
            return ("Search for milk", search.name, #"{"query": "milk", "limit": 1}"#)
        }
        let harmless = snapshot.tools.first { tool in
            let required = tool.descriptor.inputSchema["required"]
            return tool.descriptor.hints.isReadOnly && (required == nil || required == .array([]))
        }
        return harmless.map { ("Call \($0.name)", $0.name, "{}") }
    }
}
