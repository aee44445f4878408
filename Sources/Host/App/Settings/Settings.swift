// The host's configuration: one value, checked as a whole before anything starts.

import HostAuth
import HostBase
import HostCalls
import HostDocuments
import HostHTTP
import HostMCP
import HostOutbound
import HostPacks
import HostSandbox
import NIOCore

/// Everything an operator can decide, typed. Defaults and meanings stand in `SettingKey`.
struct Settings: Sendable {
    /// As `ServerHost` spells it.
    var host: String
    var port: Int
    /// Without a trailing slash; `nil`: made from host and port.
    var publicURL: String?
    var stateDirectory: String
    /// How files that decide are judged.
    var files: FileTrust
    /// What the operator should look at of the files that settings come from or name.
    var fileWarnings: [String]
    var allowUnauthenticated: Bool
    var auth: AuthSettings
    var log: LogSettings
    var http: HTTPSettings
    var calls: CallSettings
    var packs: PackSettings
    /// How long an event loop may not move.
    var inlineHang: TimeAmount
    var outbound: OutboundSettings
    var service: ServiceSettings
    var mcp: MCPSettings
    /// Where the values came from; packs' `x-env` properties are filled in from it.
    var source: SettingsSource

    /// - Throws: `SettingsError` for the first value that makes no sense, alone or beside another one.
    init(source: SettingsSource, workingDirectory: String) throws(SettingsError) {
        let reader = SettingsReader(source: source)
        func path(_ key: SettingKey) -> String {
            let value = reader.string(key)
            return value.hasPrefix("/") ? value : "\(workingDirectory)/\(value)"
        }
        self.source = source
        host = try ServerHost.checked(reader)
        port = try reader.integer(.serverPort, 0...65535)
        publicURL = try PublicURL.checked(reader)
        let pluginsDirectory = path(.pluginsDirectory)
        stateDirectory = path(.stateDirectory)
        files = try reader.fileTrust
        let mode = try reader.choice(.authMode, as: AuthMode.self)
        allowUnauthenticated = try reader.flag(.allowUnauthenticated)
        auth = try AuthSettings(reader, mode: mode, workingDirectory: workingDirectory)
        log = try LogSettings(reader)
        http = try HTTPSettings(reader)
        let tools = try ToolKeys(reader)
        calls = tools.calls
        packs = PackSettings(
            directory: pluginsDirectory, stateDirectory: stateDirectory, trust: files, policy: tools.policy,
            startTimeout: tools.startTimeout, drainTime: http.shutdownTimeout, assertsFormats: tools.assertsFormats,
            isolation: try reader.choice(.packIsolation, as: PackIsolation.self),
            niceness: try reader.integer(.packNiceness, PackPolicy.nicenessRange),
            sandbox: try reader.choice(.packSandbox, as: SandboxLevel.self),
            sandboxABI: reader.string(.packSandboxABI).isEmpty ? nil : try reader.integer(.packSandboxABI, 0...99),
            ownPaths: [stateDirectory, pluginsDirectory]
                + [SettingKey.oauth2IssuersFile, .apiKeysFile].filter { !reader.string($0).isEmpty }.map(path),
            sharedPaths: [SettingKey.outboundCAFile].filter { !reader.string($0).isEmpty }.map(path),
            workingDirectory: workingDirectory,
            secretNames: Set(SettingKey.all.filter(\.isSecret).map(\.name)),
            limits: try PackLimits(reader), restarts: try RestartSettings(reader))
        inlineHang = tools.inlineHang
        outbound = try OutboundSettings(reader, workingDirectory: workingDirectory)
        outbound.compare(with: auth)
        fileWarnings = (auth.fileRemarks + outbound.fileRemarks).map(\.warning)
        service = try ServiceSettings(reader)
        mcp = try MCPSettings(reader)
        try checkExposure(reader)
        auth.takeSlashes(below: PublicURL.effective(self, port: port).url)
    }

    /// Whether only this machine can reach the listening socket.
    var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || (host.hasPrefix("127.") && (try? SocketAddress(ipAddress: host, port: 0)) != nil)
    }

    /// Whether the socket listens on every address.
    var isWildcard: Bool {
        host == "0.0.0.0" || host == "::"
    }

    /// How long a stop may take at most: the two times that the operator knows, and a little for what comes after them.
    var longestStop: TimeAmount {
        http.shutdownTimeout + packs.startTimeout + .seconds(3)
    }

    private func checkExposure(_ reader: SettingsReader) throws(SettingsError) {
        guard !isLoopback else { return }
        switch auth.mode {
        case .embedded:
            throw SettingsError(
                key: SettingKey.serverHost.name,
                problem: "\"\(host)\" is not a loopback address, and the embedded authorization server "
                    + "(MCP_AUTH_MODE=embedded) serves this machine only; put a proxy in front",
                example: "127.0.0.1")
        case .none where !allowUnauthenticated:
            throw SettingsError(
                key: SettingKey.serverHost.name,
                problem: "\"\(host)\" is not a loopback address, and with MCP_AUTH_MODE=none everybody who reaches it "
                    + "may call every tool; MCP_ALLOW_UNAUTHENTICATED=true permits that",
                example: "127.0.0.1")
        case .none, .oauth2, .apiKey, .hybrid:
            break
        }
    }
}
