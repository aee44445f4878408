// The keys that say who may call: modes, issuers of tokens, API keys.

import HostAuth

extension SettingKey {
    static let authMode = SettingKey(
        name: "MCP_AUTH_MODE", defaultValue: "embedded",
        meaning: "Who may call: `oauth2` (bearers of tokens of your identity provider), `api-key`, `hybrid` (either), "
            + "`embedded` (the host is its own authorization server) or `none`.",
        example: "embedded")
    static let allowUnauthenticated = SettingKey(
        name: "MCP_ALLOW_UNAUTHENTICATED", defaultValue: "false",
        meaning: "With MCP_AUTH_MODE=none: listen beyond loopback all the same.", example: "true")
    static let allowedClients = SettingKey(
        name: "ALLOWED_MCP_CLIENTS", defaultValue: "",
        meaning: "Client ids that may call; empty: every authenticated client.", example: "chatgpt,reporting")
    static let requiredScopes = SettingKey(
        name: "REQUIRED_MCP_SCOPES", defaultValue: "", meaning: "Scopes that every call needs.",
        example: "mcp:read,mcp:execute")
    static let discoveryAuth = SettingKey(
        name: "DISCOVERY_AUTH", defaultValue: "false",
        meaning: "The OpenAPI document and the actions manifest need a credential too, and list only the tools that it "
            + "allows.",
        example: "true")

    static let oauth2Issuer = SettingKey(
        name: "OAUTH2_ISSUER", defaultValue: "",
        meaning: "Whose tokens are believed: exactly what they carry in `iss`. Everything else is discovered from it. "
            + "`{tenantid}` stands for any tenant of Entra.",
        example: "https://login.example.com/tenant/v2.0")
    static let oauth2Audience = SettingKey(
        name: "OAUTH2_AUDIENCE", defaultValue: "",
        meaning: "What tokens for this server carry in `aud`; one of them is enough.",
        example: "11111111-2222-3333-4444-555555555555,api://toolhost")
    static let oauth2OpenIDConfigURL = SettingKey(
        name: "OAUTH2_OPENID_CONFIG_URL", defaultValue: "",
        meaning: "Where the issuer's metadata is, if not where the issuer's own URL says. Used only while it is about "
            + "OAUTH2_ISSUER.",
        example: "https://login.example.com/tenant/v2.0/.well-known/openid-configuration")
    static let oauth2JWKSURI = SettingKey(
        name: "OAUTH2_JWKS_URI", defaultValue: "", meaning: "Where the issuer's keys are; wins over its metadata.",
        example: "https://login.example.com/tenant/discovery/v2.0/keys")
    static let oauth2TokenEndpoint = SettingKey(
        name: "OAUTH2_TOKEN_ENDPOINT", defaultValue: "",
        meaning: "Where clients get tokens; wins over the issuer's metadata.",
        example: "https://login.example.com/tenant/oauth2/v2.0/token")
    static let oauth2AuthorizationEndpoint = SettingKey(
        name: "OAUTH2_AUTHORIZATION_ENDPOINT", defaultValue: "",
        meaning: "Where users log in; wins over the issuer's metadata.",
        example: "https://login.example.com/tenant/oauth2/v2.0/authorize")
    static let oauth2Preset = SettingKey(
        name: "OAUTH2_PRESET", defaultValue: "",
        meaning: "Habits of the issuer's tokens: "
            + IssuerPreset.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            + "; by default recognized by OAUTH2_ISSUER.",
        example: "keycloak")
    static let oauth2UserTokens = SettingKey(
        name: "OAUTH2_USER_TOKENS", defaultValue: "false",
        meaning:
            "Whether a token of OAUTH2_ISSUER in `X-User-Token: Bearer …` may name the user beside the client's own "
            + "token.",
        example: "true")
    static let oauth2IssuersFile = SettingKey(
        name: "OAUTH2_ISSUERS_FILE", defaultValue: "",
        meaning: "YAML file with further issuers, each with a preset and what differs from it.",
        example: "/etc/toolhost/issuers.yaml")
    static let oauth2Discovery = SettingKey(
        name: "OAUTH2_DISCOVERY", defaultValue: "mirror",
        meaning:
            "How this host's openid-configuration is answered: `mirror` (the issuer's document) or `redirect` (to the "
            + "issuer).",
        example: "redirect")
    static let oauth2DiscoveryIssuer = SettingKey(
        name: "OAUTH2_DISCOVERY_ISSUER", defaultValue: "",
        meaning: "With several issuers: the one that documents name.",
        example: "https://login.example.com/tenant/v2.0")

    static let apiKey = SettingKey(
        name: "MCP_API_KEY", defaultValue: "",
        meaning: "A key that lets its holder call every tool, in the field `X-MCP-API-Key`; at least "
            + "\(APIKeys.minimumLength) characters.",
        example: "the-output-of-openssl-rand-hex-32", isSecret: true)
    static let apiKeysFile = SettingKey(
        name: "MCP_API_KEYS_FILE", defaultValue: "",
        meaning: "File with a line for each key: `name sha256:HEX`, then the scopes it grants; none: all.",
        example: "/etc/toolhost/api-keys")

    /// In the order of the documentation.
    static let auth: [SettingKey] = [
        authMode, allowUnauthenticated, allowedClients, requiredScopes, discoveryAuth,
        oauth2Issuer, oauth2Audience, oauth2OpenIDConfigURL, oauth2JWKSURI, oauth2TokenEndpoint,
        oauth2AuthorizationEndpoint, oauth2Preset, oauth2UserTokens, oauth2IssuersFile, oauth2Discovery,
        oauth2DiscoveryIssuer,
        apiKey, apiKeysFile,
    ]
}
