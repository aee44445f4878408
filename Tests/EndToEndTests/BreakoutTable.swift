// The list of deeds as a table of the documentation.

extension BreakoutDeed {
    static var table: String {
        groups.map { group in
            "| \(group.title) | `off` | `standard` | `strict` |\n|---|---|---|---|\n"
                + group.deeds.map(\.row).joined()
        }.joined(separator: "\n")
    }

    private var row: String {
        "| \(name) | \(unconfinedCell) | \(cell(at: .standard)) | \(cell(at: .strict)) |\n"
    }

    private var unconfinedCell: String {
        switch unconfined {
        case .done, .ifSystemLets: "yes"
        case .byRoot, .ifSystemLetsRoot: "root"
        case .byUser: "user"
        // What nobody gets in any case is no error of the call.
        case .reaches(let reason): ["EFAULT", "EINVAL", "ENOTTY"].contains(reason) ? "reached" : "no"
        }
    }

    private func cell(at level: BreakoutLevel) -> String {
        let now = outcome(at: level, landlock: .max)
        guard landlock > 0, outcome(at: level, landlock: landlock - 1) != now else {
            return now == .done ? unconfinedCell : "no"
        }
        return "no; yes before Landlock \(landlock)"
    }
}
