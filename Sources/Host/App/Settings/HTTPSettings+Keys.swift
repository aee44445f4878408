// The keys of HTTP: limits of connections, and whose word counts.

import HostHTTP
import HostNetwork
import NIOCore

extension HTTPSettings {
    init(_ reader: SettingsReader) throws(SettingsError) {
        let times = TimeAmount.milliseconds(50)...TimeAmount.hours(1)
        self.init(
            maxBodyBytes: try reader.integer(.maxBody, 1...(1 << 30)),
            maxHeaderBytes: try reader.integer(.maxHeader, 1024...(1 << 20)),
            maxHeaderFields: try reader.integer(.maxHeaderFields, 8...10_000),
            maxConnections: try reader.integer(.maxConnections, 1...1_000_000),
            eventLoops: try reader.integer(.eventLoops, 0...Self.mostLoops),
            headerTimeout: try reader.duration(.headerTimeout, times),
            bodyTimeout: try reader.duration(.bodyTimeout, times),
            idleTimeout: try reader.duration(.idleTimeout, times),
            writeTimeout: try reader.duration(.writeTimeout, times),
            shutdownTimeout: try reader.duration(.shutdownTimeout, times),
            cors: CORS(origins: try Self.corsOrigins(reader)),
            trustedProxies: try Self.trustedProxies(reader))
    }

    private static func corsOrigins(_ reader: SettingsReader) throws(SettingsError) -> [String] {
        var origins: [String] = []
        for item in reader.list(.corsOrigins) {
            guard let origin = CORS.origin(item) else {
                throw reader.error(
                    .corsOrigins, "has \"\(item)\", which is not scheme, host and port alone, and not `*` either")
            }
            origins.append(origin)
        }
        return origins
    }

    private static func trustedProxies(_ reader: SettingsReader) throws(SettingsError) -> [NetworkRange] {
        var ranges: [NetworkRange] = []
        for item in reader.list(.trustedProxies) {
            guard let range = NetworkRange(item) else {
                throw reader.error(.trustedProxies, "has \"\(item)\", which is neither an address nor a network")
            }
            ranges.append(range)
        }
        return ranges
    }
}
