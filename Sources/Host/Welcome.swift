// What `toolhost serve` tells somebody who started it by hand: where it is, what it serves, what to try next.

/// The greeting.
struct Welcome {
    let publicURL: String
    let snapshot: Snapshot
    let embedded: EmbeddedAuthorizationServer?

    var text: String {
        var lines = ["", "Toolhost \(HostVersion.current) serves \(publicURL)", ""]
        if snapshot.tools.isEmpty {
            lines.append(
                "  No tool is served: put packs into the plugins folder, or see `toolhost tools` for the reasons.")
        }
        for pack in snapshot.packs {
            let tools = snapshot.tools.filter { $0.pack === pack }.map(\.name)
            if !tools.isEmpty { lines.append("  \(pack.id): \(tools.joined(separator: ", "))") }
        }
        if !snapshot.refusals.isEmpty {
            lines.append("  Refused: \(snapshot.refusals.count); `toolhost tools` says why.")
        }
        lines.append("")
        var authorization = ""
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
            authorization = "-H \"Authorization: Bearer $TOKEN\" "
        }
        lines += [
            "Search for milk:",
            "  curl -s \(publicURL)/tools/search_products \(authorization)-H 'Content-Type: application/json' "
                + "-d '{\"query\": \"milk\", \"limit\": 5}' | jq .",
            "",
            "Connect an MCP client:",
            "  \(publicURL)\(MCPEndpoint.path)",
            "",
            "Check every endpoint:",
            "  ./test-chatgpt-endpoints.sh \(publicURL)",
            "",
        ]
        return lines.joined(separator: "\n")
    }
}
