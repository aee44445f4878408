// Every configuration key as a table: what `toolhost config` prints and the documentation holds.

/// The table of keys.
public enum ConfigurationTable {
    public static var markdown: String {
        let rows = SettingKey.all.map { key in
            "| `\(key.name)` | \(key.defaultValue.isEmpty ? "–" : "`\(key.defaultValue)`") | \(key.meaning) | "
                + "`\(key.example)` |"
        }
        return (["| key | default | meaning | example |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }
}
