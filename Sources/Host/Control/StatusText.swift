// What hosts answer to `status`, for people: read member by member, since a host may be of another version than the
// command.

import HostBase
import JSON

/// The answer of one host as lines of text.
struct StatusText {
    private static let columns = [
        ("pack", "pack"), ("version", "version"), ("runs in", "isolation"), ("sandbox", "sandbox"), ("state", "state"),
        ("pid", "pid"), ("up", "uptime_seconds"), ("restarts", "restart_count"), ("memory", "memory_bytes"),
        ("held", "usage.memory_bytes"), ("threads", "usage.threads"), ("calls", "open_calls"),
    ]
    private static let absent = "-"

    let lines: [String]

    init(_ answer: JSONValue) {
        let packs = answer["packs"]?.array ?? []
        var lines = [Self.headline(answer["host"] ?? .null)]
        lines += Self.table([Self.columns.map(\.0)] + packs.map { pack in Self.columns.map { Self.cell($0.1, pack) } })
        if packs.isEmpty { lines.removeLast() }
        lines += packs.flatMap(Self.remarks)
        for item in answer["refused"]?.array ?? [] {
            let tool = item["tool"]?.string.map { " (\(TerminalText.shown($0)))" } ?? ""
            lines.append("  refused: \(Self.text(item["file"]))\(tool): \(Self.text(item["reason"]))")
        }
        self.lines = lines
    }

    private static func headline(_ host: JSONValue) -> String {
        var parts = ["host \(text(host["number"])): \(text(host["state"]))"]
        if let address = host["address"]?.string { parts[0] += " at " + TerminalText.shown(address) }
        parts.append("version \(text(host["version"]))")
        parts.append("pid \(text(host["pid"]))")
        parts.append("up \(cell("uptime_seconds", host))")
        if host["memory_bytes"]?.int64 != nil { parts.append(cell("memory_bytes", host)) }
        let connections = host["connections"]?.int64 ?? 0
        parts.append("\(connections) \(connections == 1 ? "connection" : "connections")")
        return parts.joined(separator: ", ")
    }

    /// What does not fit into the table.
    private static func remarks(_ pack: JSONValue) -> [String] {
        let name = "  \(text(pack["pack"])): "
        var lines: [String] = []
        // Of one that has failed the last end was followed by no start.
        for end in (pack["restarts"]?.array ?? []).reversed() {
            lines.append(name + "ended \(text(end["time"])): \(text(end["reason"]))")
        }
        if let seconds = pack["next_start_seconds"]?.double {
            lines.append(name + "the next start is due in \(duration(seconds))")
        }
        for (layer, standing) in pack["sandbox"]?["layers"]?.object ?? JSONObject() where standing.string != "held" {
            let remark = pack["sandbox"]?["remarks"]?[layer]
            lines.append(name + "sandbox: \(TerminalText.shown(layer)) \(text(standing)), \(text(remark))")
        }
        for tool in pack["quarantined_tools"]?.array ?? [] {
            let reason = tool.string.flatMap { pack["quarantine_reasons"]?[$0]?.string } ?? ""
            lines.append(
                name + "in quarantine: \(text(tool))"
                    + (reason.isEmpty ? "" : ", since the process \(TerminalText.shown(reason))"))
        }
        if pack["last_words"]?.string != nil { lines.append(name + "last words in \(text(pack["last_words"]))") }
        return lines
    }

    private static func cell(_ member: String, _ object: JSONValue) -> String {
        if let used = member.split(separator: ".").dropFirst().first.map(String.init) {
            guard let use = object["usage"]?[used], !use.isNull else { return absent }
            guard let bound = object["limits"]?[used]?.int64 else { return cell(used, ["\(used)": use]) }
            // As it is written where it is set.
            let most = used == "memory_bytes" ? ByteCount(Int(clamping: bound)).text : "\(bound)"
            return cell(used, ["\(used)": use]) + " of " + most
        }
        guard let value = object[member] else { return absent }
        switch member {
        case "uptime_seconds": return value.double.map(duration) ?? absent
        case "sandbox": return text(value["level"])
        case "memory_bytes": return value.int64.map { ByteCount(Int(clamping: max(0, $0))).tenths } ?? absent
        default: return text(value)
        }
    }

    /// Nothing that moves a cursor, whoever wrote it.
    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): TerminalText.shown(text)
        case .number(let number): JSONValue.number(number).description
        default: absent
        }
    }

    private static func table(_ rows: [[String]]) -> [String] {
        let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return ("  " + cells.joined(separator: "  ")).trimmedAtEnd
        }
    }

    /// The two largest units, such as `3h 12m`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 1e12)))
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60)m \(whole % 60)s" }
        if whole < 86_400 { return "\(whole / 3600)h \(whole / 60 % 60)m" }
        return "\(whole / 86_400)d \(whole / 3600 % 24)h"
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
