// The keys that decide where packs may reach other services, and as whom.

extension SettingKey {
    static let agentsURL = SettingKey(
        name: "NEXTJS_URL", defaultValue: "",
        meaning:
            "URL of the agents API, for packs that can answer from there; its origin is the one that packs may send "
            + "requests to where their YAML lists none.",
        example: "https://shop.example.com")
    static let agentsAPIKey = SettingKey(
        name: "AGENTS_API_KEY", defaultValue: "",
        meaning: "Sent as X-MCP-API-Key to the origin of NEXTJS_URL, and nowhere else.",
        example: "3f8a5b0c9d7e4f61", isSecret: true)
    static let agentsTokenEndpoint = SettingKey(
        name: "AGENTS_OAUTH2_TOKEN_ENDPOINT", defaultValue: "",
        meaning:
            "Where the host gets a token of its own (client credentials) for the origin of NEXTJS_URL, in place of "
            + "AGENTS_API_KEY.",
        example: "https://login.example.com/oauth2/token")
    static let agentsClientID = SettingKey(
        name: "AGENTS_OAUTH2_CLIENT_ID", defaultValue: "", meaning: "The host's client id at that endpoint.",
        example: "toolhost")
    static let agentsClientSecret = SettingKey(
        name: "AGENTS_OAUTH2_CLIENT_SECRET", defaultValue: "", meaning: "The host's secret at that endpoint.",
        example: "9c1185a5c5e9fc54", isSecret: true)
    static let agentsScope = SettingKey(
        name: "AGENTS_OAUTH2_SCOPE", defaultValue: "", meaning: "Scopes to ask for there, separated by spaces.",
        example: "agents.call")
    static let agentsUserToken = SettingKey(
        name: "AGENTS_FORWARD_USER_TOKEN", defaultValue: "false",
        meaning: "Pass a caller's X-User-Token, once it is verified, on to the origin of NEXTJS_URL.", example: "true")
    static let outboundCAFile = SettingKey(
        name: "OUTBOUND_CA_FILE", defaultValue: "",
        meaning:
            "PEM file of certification authorities to trust besides the system's: for packs' requests, for tokens, "
            + "and for documents of issuers.",
        example: "/etc/toolhost/ca.pem")
    static let outboundPrivateNetworks = SettingKey(
        name: "OUTBOUND_PRIVATE_NETWORKS", defaultValue: "",
        meaning: "Private addresses or networks that names of origins may stand for, such as those of a container "
            + "network; an origin that is itself an address needs no entry.",
        example: "10.0.0.0/8,fd00::/8")
    static let outboundProxy = SettingKey(
        name: "OUTBOUND_PROXY", defaultValue: "",
        meaning:
            "HTTP proxy whose tunnels (CONNECT) packs' requests go through, but for origins that are private addresses or localhost.",
        example: "http://proxy.example.com:3128")
    static let outboundMaxResponse = SettingKey(
        name: "OUTBOUND_MAX_RESPONSE_BYTES", defaultValue: "8388608",
        meaning: "Largest response body that a pack is given, in bytes; its YAML may say otherwise.", example: "1048576"
    )
    static let outboundCircuitFailures = SettingKey(
        name: "OUTBOUND_CIRCUIT_FAILURES", defaultValue: "5",
        meaning: "Failed attempts in a row after which an origin is left alone.", example: "10")
    static let outboundCircuitPause = SettingKey(
        name: "OUTBOUND_CIRCUIT_PAUSE", defaultValue: "1s",
        meaning: "How long it is left alone first; twice as long each time that it still fails, up to a minute.",
        example: "5s")
    static let outboundHealthInterval = SettingKey(
        name: "OUTBOUND_HEALTH_INTERVAL", defaultValue: "10s",
        meaning: "How often the host looks at the health URLs that packs name.", example: "30s")

    static let outbound = [
        agentsURL, agentsAPIKey, agentsTokenEndpoint, agentsClientID, agentsClientSecret, agentsScope, agentsUserToken,
        outboundCAFile, outboundPrivateNetworks, outboundProxy, outboundMaxResponse, outboundCircuitFailures,
        outboundCircuitPause, outboundHealthInterval,
    ]
}
