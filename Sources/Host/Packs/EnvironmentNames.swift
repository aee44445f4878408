// Which names of the host's configuration reach a pack: any, or those that the operator lists.

import HostBase
import HostSandbox

/// The names that a pack may be given, in its environment or by `x-env`; of the host's secrets none is.
enum EnvironmentNames: Sendable, Equatable {
    case any
    case listed([String])

    /// Names that the system or a shell gives a value: what stands there was not meant for a pack as a place.
    private static let ofTheSystem: Set<String> = [
        "HOME", "MAIL", "OLDPWD", "PATH", "PWD", "SHELL", "TEMP", "TMP", "TMPDIR",
    ]

    /// - Parameter listed: what the pack's YAML lists; `nil` where it says nothing.
    init(_ level: SandboxLevel, listed: [String]?) {
        self = listed.map(EnvironmentNames.listed) ?? (level == .strict ? .listed([]) : .any)
    }

    /// - Parameter isPath: whether what stands there opens to the pack.
    func contains(_ name: String, isPath: Bool) -> Bool {
        switch self {
        case .any: !(isPath && (Self.ofTheSystem.contains(name) || name.hasPrefix("XDG_")))
        case .listed(let names): names.contains(name)
        }
    }

    /// What an operator writes to have it given.
    func line(adding name: String) -> String {
        switch self {
        case .any: "env: [\(name)]"
        case .listed(let names): "env: [\((names + [name]).joined(separator: ", "))]"
        }
    }

    /// Whether it is a name that an environment can hold and a shell can set.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }
    }
}
