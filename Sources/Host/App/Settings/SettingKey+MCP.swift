// The keys that only the MCP endpoint looks at.

import HostMCP

extension SettingKey {
    static let mcpInstructions = SettingKey(
        name: "MCP_INSTRUCTIONS", defaultValue: "",
        meaning:
            "What models are told of this deployment as a whole, over MCP; by default SERVICE_DESCRIPTION. The first "
            + "\(ServerFacts.instructionsReach) characters must carry what matters, since some clients pass on no more.",
        example: "Groceries. Search before you add to a cart; ask before you check out.")
    static let mcpPageSize = SettingKey(
        name: "MCP_PAGE_SIZE", defaultValue: "200",
        meaning: "Tools on one page of MCP's tools/list; some clients never ask for the second one.", example: "50")
    static let mcpAllowedHosts = SettingKey(
        name: "MCP_ALLOWED_HOSTS", defaultValue: "",
        meaning:
            "Further names that requests to /mcp may have in `Host`, beside loopback, MCP_SERVER_HOST and the host of "
            + "PUBLIC_URL, such as the one a proxy uses.",
        example: "toolhost.internal")
    static let openAIAppsChallenge = SettingKey(
        name: "OPENAI_APPS_CHALLENGE", defaultValue: "",
        meaning: "The token by which OpenAI finds that the domain is yours, served at "
            + "`/.well-known/openai-apps-challenge`.",
        example: "the-token-from-the-submission-form")

    /// In the order of the documentation.
    static let mcp: [SettingKey] = [mcpInstructions, mcpPageSize, mcpAllowedHosts, openAIAppsChallenge]
}
