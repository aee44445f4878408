// Where values come from: the environment over the `.env` file over the defaults.

import HostBase

/// Raw configuration values by key.
struct SettingsSource: Sendable {
    private let environment: [String: String]
    private let file: [String: String]

    init(environment: [String: String], file: [String: String] = [:]) {
        self.environment = environment
        self.file = file
    }

    /// The value as it was set; an empty one counts as not set.
    subscript(name: String) -> String? {
        if let value = environment[name] { return value.isEmpty ? nil : value }
        if let value = file[name] { return value.isEmpty ? nil : value }
        return nil
    }

    /// A warning for each key that looks like the host's own but is not known, with the nearest known name.
    ///
    /// - Parameter known: further names that packs ask for.
    func warnings(known: some Sequence<String> = []) -> [String] {
        let names = SettingKey.all.map(\.name) + known
        let prefixes = ["MCP_", "OAUTH2_", "TOOL", "PACK_", "AGENTS_", "OUTBOUND_"]
        return Set(environment.keys).union(file.keys)
            // TOOLHOST_ belongs to the scripts around the host.
            .filter { key in
                guard !names.contains(key), !key.hasPrefix("TOOLHOST_") else { return false }
                // A slip of the pen outside the prefixes would leave a door open without a word.
                return prefixes.contains(where: key.hasPrefix)
                    || names.contains { name in
                        let slip = name.utf8.count < 12 ? 2 : 3
                        return name.utf8.count > 6 && EditDistance.between(name, key) <= slip
                    }
            }
            .sorted()
            .map { key in
                let nearest = names.min { EditDistance.between($0, key) < EditDistance.between($1, key) }
                return "unknown key \(key)" + (nearest.map { "; did you mean \($0)?" } ?? "")
            }
    }
}
