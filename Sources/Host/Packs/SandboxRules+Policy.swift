// The part `sandbox` of a pack's YAML file.

import HostSandbox
import JSON

extension SandboxRules {
    /// - Parameter value: a level, or a mapping.
    /// - Throws: `PolicyFault` whose key is the path inside the file.
    init(parsing value: JSONValue) throws(PolicyFault) {
        self.init()
        if value.object == nil, !value.isNull {
            level = try Self.choice(value, at: "sandbox")
            return
        }
        for (key, value) in try PackPolicy.members(value, at: "sandbox") {
            let place = "sandbox.\(key)"
            switch key {
            case "level": level = try Self.choice(value, at: place)
            case "network": network = try Self.choice(value, at: place)
            case "processes": allowsProcesses = try PackPolicy.flag(value, at: place)
            case "read": read = try Self.paths(value, at: place)
            case "write": write = try Self.paths(value, at: place)
            case "required": isRequired = try PackPolicy.flag(value, at: place)
            default:
                throw PackPolicy.unknown(
                    key, at: place, known: ["level", "network", "processes", "read", "write", "required"])
            }
        }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: JSONValue, at place: String
    ) throws(PolicyFault) -> Choice where Choice.RawValue == String {
        // YAML takes `off` for a flag.
        let text = value.bool == false ? "off" : value.string
        if let choice = text.flatMap(Choice.init) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        throw PolicyFault(
            key: place, problem: "is none of " + known.joined(separator: ", "), example: known.last ?? "")
    }

    private static func paths(_ value: JSONValue, at place: String) throws(PolicyFault) -> [String] {
        let fault = PolicyFault(
            key: place, problem: "is not a list of absolute paths", example: "[/srv/models]")
        guard let items = value.array else { throw fault }
        var paths: [String] = []
        for item in items {
            guard let path = item.string, path.hasPrefix("/"), !path.utf8.contains(0) else { throw fault }
            paths.append(path)
        }
        return paths
    }
}
