// Asks the host that runs here how it is. It answers everybody, so it says numbers; this says where the names are.

import HostBase
import HostNetwork
import HostOutbound
import JSON
import NIOCore

/// What `/health` of a running host tells.
struct HostCheckup {
    private(set) var checkup = Checkup()

    private static let step = "running host"
    /// How much of an answer is read, in bytes.
    private static let limit = 64 * 1024

    /// What each count of a body stands for, and what to look for in the host's log.
    static let counts: [(name: String, meaning: String, line: String)] = [
        ("refused", "files are refused or lack a tool", "pack refused"),
        ("failed_starts", "packs could not be started; only another start tries them again", "pack refused"),
        (
            "failed_packs", "packs failed again and again and stay off until toolhost pack restart starts them",
            "a pack failed again and again"
        ),
        (
            "quarantined_tools",
            "tools brought their packs down again and again, and their calls are refused for a while",
            "a tool brought its pack down again and again"
        ),
        ("stuck_loops", "event loops do not move", "an event loop is stuck"),
        ("refusing_connections", "new connections are turned away", "no connection can be accepted"),
        ("stuck_calls", "calls are stuck in packs", "a call keeps its thread beyond its deadline"),
        ("stuck_packs", "packs have no thread left that comes back", "a pack is stuck"),
        ("waiting_packs", "packs wait for a backend", "a backend is down"),
        ("ailing_packs", "packs fail again and again", "a pack is ailing: its calls fail again and again"),
        ("ailing_issuers", "issuers' keys are old or missing", "keys of the issuer cannot be had"),
    ]

    /// Blocks while it asks.
    ///
    /// - Parameter send: Throws `WireFault`.
    init(host: String, port: Int, send: (WireRequest) throws -> WireReply) {
        guard port > 0, let url = OutboundURL(Self.address(host: host, port: port) + "/health") else {
            checkup.add(.open, Self.step, "not asked: MCP_SERVER_PORT=\(port) does not say where it listens")
            return
        }
        let request = WireRequest(
            method: "GET", url: url,
            fields: [("User-Agent", "toolhost/\(HostVersion.current)"), ContentCoding.asked], body: nil,
            limit: Self.limit)
        do {
            judge(try send(request), at: "\(url)")
        } catch {
            checkup.add(
                .open, Self.step,
                "\(url) does not answer: no host runs here at the moment, or it listens elsewhere "
                    + "(\(WireFault.reason(of: error)))")
        }
    }

    /// Where a host that listens there is reached from this machine.
    private static func address(host: String, port: Int) -> String {
        let name = ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
        return "http://" + (name.contains(":") ? "[\(name)]" : name) + ":\(port)"
    }

    private mutating func judge(_ reply: WireReply, at url: String) {
        let answer = try? JSONValue(parsing: Array(reply.body.readableBytesView))
        guard [200, 503].contains(reply.status), let answer, let status = answer["status"]?.string,
            let tools = answer["tools"]?.int64
        else {
            return checkup.add(
                .open, Self.step,
                "\(url) answers \(reply.status), and not as a host does: something else listens there")
        }
        let packs = answer["packs"]?.int64 ?? 0
        let words = "\(url) says \(ForeignText.quoted(status)), with \(packs) packs and \(tools) tools"
        switch (reply.status, status) {
        case (200, "ok"): checkup.add(.good, Self.step, words)
        case (200, _): checkup.add(.notice, Self.step, words)
        default: checkup.add(.bad, Self.step, words + ": nothing should be sent there now")
        }
        for count in Self.counts {
            guard let number = answer[count.name]?.int64, number > 0 else { continue }
            checkup.add(
                .notice, Self.step, "\(count.meaning): \(number); its log names them at `\(count.line)`")
        }
    }
}
