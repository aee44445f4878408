// Every key the host reads, with its default and meaning: the one list behind parsing, warnings and `toolhost config`.

/// One configuration key.
struct SettingKey: Sendable {
    let name: String
    /// The value in force when the key is not set; empty where there is none.
    let defaultValue: String
    /// What it decides, in one sentence.
    let meaning: String
    /// A value that would be accepted.
    let example: String
    /// A secret is never printed and never handed to a pack.
    var isSecret = false

    static let serverHost = SettingKey(
        name: "MCP_SERVER_HOST", defaultValue: "127.0.0.1", meaning: "Address to listen on.", example: "0.0.0.0")
    static let serverPort = SettingKey(
        name: "MCP_SERVER_PORT", defaultValue: "3001", meaning: "Port to listen on; 0 takes a free one.",
        example: "3001")
    static let publicURL = SettingKey(
        name: "PUBLIC_URL", defaultValue: "",
        meaning: "The URL that clients call, as documents name it; by default http, host and port.",
        example: "https://mcp.example.com")
    static let pluginsDirectory = SettingKey(
        name: "PLUGINS_DIR", defaultValue: "plugins.d", meaning: "Folder of the tool packs.",
        example: "/usr/lib/toolhost/plugins.d")
    static let stateDirectory = SettingKey(
        name: "STATE_DIR", defaultValue: "var",
        meaning: "Folder for what must survive a restart: keys, the store, copies of the packs.",
        example: "/var/lib/toolhost")
    static let groupWritable = SettingKey(
        name: "FILES_GROUP_WRITABLE", defaultValue: "warn",
        meaning: "What becomes of files and folders that decide who may call or what runs, and that a group may write "
            + "to: `warn` of them, or `refuse` them.",
        example: "refuse")
    static let trustedProxies = SettingKey(
        name: "TRUSTED_PROXIES", defaultValue: "",
        meaning: "Addresses or networks whose X-Forwarded-For, X-Real-IP and X-Request-Id are believed.",
        example: "127.0.0.1,10.0.0.0/8")
    static let corsOrigins = SettingKey(
        name: "CORS_ALLOWED_ORIGINS", defaultValue: "https://chatgpt.com,https://chat.openai.com",
        meaning: "Origins whose scripts may call, `*` for all.", example: "https://console.example.com")
    static let logFormat = SettingKey(
        name: "LOG_FORMAT", defaultValue: "auto",
        meaning: "`json`, `text`, or `auto`: text on a terminal, JSON lines elsewhere.", example: "json")
    static let logLevel = SettingKey(
        name: "LOG_LEVEL", defaultValue: "info",
        meaning: "Least level that is written: trace, debug, info, notice, warning, error.", example: "debug")

    static let toolsEnabled = SettingKey(
        name: "TOOLS_ENABLED", defaultValue: "*", meaning: "Tools to serve, `*` matches any run of characters.",
        example: "search_*,get_deals")
    static let toolsDisabled = SettingKey(
        name: "TOOLS_DISABLED", defaultValue: "", meaning: "Tools not to serve; wins over TOOLS_ENABLED.",
        example: "checkout,add_*")
    static let toolsReadOnly = SettingKey(
        name: "TOOLS_READ_ONLY", defaultValue: "false", meaning: "Serve only tools that change nothing.",
        example: "true")
    static let toolTimeout = SettingKey(
        name: "TOOL_TIMEOUT", defaultValue: "30s",
        meaning: "Time for a call whose tool states none; at most 45s, when ChatGPT gives up.", example: "20s")
    static let toolWorkers = SettingKey(
        name: "TOOL_WORKERS", defaultValue: "16", meaning: "Worker threads for tools that are not inline.",
        example: "32")
    static let toolPackWorkers = SettingKey(
        name: "TOOL_PACK_WORKERS", defaultValue: "8",
        meaning: "Worker threads that one pack may occupy; below TOOL_WORKERS.", example: "4")
    static let toolPackCalls = SettingKey(
        name: "TOOL_PACK_CALLS", defaultValue: "256",
        meaning: "Calls of one pack that may be open, queued ones included; beyond it the answer is 503. "
            + "Of tools that promise never to block, 16 times as many.", example: "64")
    static let toolStartTimeout = SettingKey(
        name: "TOOL_START_TIMEOUT", defaultValue: "10s", meaning: "Time a pack has to start and, at the end, to stop.",
        example: "5s")
    static let toolInlineHang = SettingKey(
        name: "TOOL_INLINE_HANG", defaultValue: "10s",
        meaning: "How long an event loop may hang, in an inline tool that does not return, before the process ends.",
        example: "30s")
    static let toolMaxResult = SettingKey(
        name: "TOOL_MAX_RESULT_CHARACTERS", defaultValue: "100000",
        meaning: "Longest result, in characters; ChatGPT takes no more than 100000.", example: "100000")
    static let assertFormats = SettingKey(
        name: "TOOL_SCHEMA_FORMATS", defaultValue: "annotate",
        meaning: "`assert` makes `format` in a schema a condition, `annotate` a remark.", example: "assert")
    static let nullArguments = SettingKey(
        name: "TOOL_NULL_ARGUMENTS", defaultValue: "absent",
        meaning: "What `null` is for an optional argument that takes no null: `absent`, as if it were left out, or "
            + "`strict`, an error.",
        example: "strict")

    static let maxBody = SettingKey(
        name: "HTTP_MAX_BODY_BYTES", defaultValue: "1048576", meaning: "Largest request body, in bytes; beyond it 413.",
        example: "262144")
    static let maxHeader = SettingKey(
        name: "HTTP_MAX_HEADER_BYTES", defaultValue: "32768",
        meaning: "Largest request head, target and fields together, in bytes; beyond it 431.", example: "16384")
    static let maxHeaderFields = SettingKey(
        name: "HTTP_MAX_HEADER_FIELDS", defaultValue: "100", meaning: "Most header fields of a request.",
        example: "64")
    static let maxConnections = SettingKey(
        name: "HTTP_MAX_CONNECTIONS", defaultValue: "10000",
        meaning: "Most open connections; a further one is answered 503 and closed.", example: "2000")
    static let eventLoops = SettingKey(
        name: "HTTP_EVENT_LOOPS", defaultValue: "0",
        meaning:
            "Threads that serve connections, which are shared out among them in turn; at most 256. 0: one for each "
            + "processor.",
        example: "4")
    static let headerTimeout = SettingKey(
        name: "HTTP_HEADER_TIMEOUT", defaultValue: "10s",
        meaning: "Time a new connection has to send its first request head.", example: "5s")
    static let bodyTimeout = SettingKey(
        name: "HTTP_BODY_TIMEOUT", defaultValue: "30s", meaning: "Time to send a request body.", example: "10s")
    static let idleTimeout = SettingKey(
        name: "HTTP_IDLE_TIMEOUT", defaultValue: "75s",
        meaning: "How long a connection may wait for its next request.", example: "60s")
    static let writeTimeout = SettingKey(
        name: "HTTP_WRITE_TIMEOUT", defaultValue: "30s", meaning: "Time a client has to take a response.",
        example: "10s")
    static let shutdownTimeout = SettingKey(
        name: "HTTP_SHUTDOWN_TIMEOUT", defaultValue: "25s",
        meaning: "Time for open calls to end, after SIGTERM and where a pack is restarted by hand; then they are cut.",
        example: "10s")

    static let serviceTitle = SettingKey(
        name: "SERVICE_TITLE", defaultValue: "Shopping Assistant",
        meaning: "The name people see in documents, at most 20 characters.",
        example: "Acme Tools")
    static let serviceName = SettingKey(
        name: "SERVICE_NAME", defaultValue: "shopping_assistant",
        meaning: "The name models see in the actions manifest: letters, digits and underscores.",
        example: "acme_tools")
    static let serviceDescription = SettingKey(
        name: "SERVICE_DESCRIPTION", defaultValue: "Search products, fill a cart, find deals and check out.",
        meaning: "What this deployment offers, for people; at most 100 characters.", example: "Tools of Acme Inc.")
    static let serviceContact = SettingKey(
        name: "SERVICE_CONTACT_EMAIL", defaultValue: "admin@localhost.localdomain",
        meaning: "Whom to write to, in the actions manifest.", example: "tools@example.com")
    static let serviceLegal = SettingKey(
        name: "SERVICE_LEGAL_URL", defaultValue: "",
        meaning: "Page with the terms of use, in the actions manifest; by default the host's own `/legal`.",
        example: "https://example.com/terms")

    /// In the order of the documentation.
    static let all: [SettingKey] =
        [
            serverHost, serverPort, publicURL, pluginsDirectory, stateDirectory, groupWritable, trustedProxies,
            corsOrigins, logFormat, logLevel,
        ] + auth + outbound + [
            toolsEnabled, toolsDisabled, toolsReadOnly, toolTimeout, toolWorkers, toolPackWorkers, toolPackCalls,
            toolStartTimeout, toolInlineHang, toolMaxResult, assertFormats, nullArguments,
        ] + packs + [
            maxBody, maxHeader, maxHeaderFields, maxConnections, eventLoops, headerTimeout, bodyTimeout, idleTimeout,
            writeTimeout, shutdownTimeout,
            serviceTitle, serviceName, serviceDescription, serviceContact, serviceLegal,
        ] + mcp
}
