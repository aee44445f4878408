// Judges what a pack says of itself: who it is, and which of its tools can be served.

import HostBase
import HostCalls
import HostEngines
import HostTools
import JSON

/// A pack as it would be served. Whether it is loaded into this process makes no difference.
public struct DescribedPack: Sendable {
    public let file: PackFile
    public let identity: PackIdentity
    public let configSchema: JSONValue?
    /// Every tool of the pack that passed its checks, with its place in the pack's table.
    public let tools: [(index: Int, tool: CheckedTool)]
    let policy: PackPolicy
    public let refusals: [PackRefusal]

    /// - Throws: `PackRefusal` when nothing of the pack can be served.
    public init(
        _ description: PackDescription, file: PackFile, policy: PackPolicy, reader: DescriptorReader
    ) throws(PackRefusal) {
        self.file = file
        self.policy = policy
        identity = description.identity
        guard Self.isPackID(identity.id) else {
            throw PackRefusal(
                file: file.name,
                reason: "its id \"\(identity.id)\" is not a lower-case letter and up to 63 letters, digits and hyphens")
        }
        configSchema = try Self.schema(identity.configSchema, file: file)
        var tools: [(Int, CheckedTool)] = []
        var refusals: [PackRefusal] = []
        var names: Set<String> = []
        for (index, item) in description.tools.enumerated() {
            // Its place in the table, as long as it has no name, or one that shows nothing.
            var name = "tools[\(index)]"
            do {
                let raw = try item.descriptor
                if !raw.name.allSatisfy(\.isWhitespace) { name = raw.name }
                let tool = try reader.tool(from: raw, packID: identity.id)
                for check in reader.checks {
                    if let problem = check(tool.descriptor) { throw problem }
                }
                if !names.insert(raw.name).inserted {
                    throw PackText.Fault(field: "name", reason: "\"\(raw.name)\" stands twice in the pack")
                }
                tools.append((index, tool))
            } catch let problem as PackText.Fault {
                refusals.append(
                    PackRefusal(
                        file: file.name, tool: name, reason: "its \(problem.field) \(problem.reason)"))
            } catch let problem as DescriptorProblem {
                refusals.append(
                    PackRefusal(
                        file: file.name, tool: name, reason: "its \(problem.pointer) \(problem.reason)"))
            } catch {
                refusals.append(PackRefusal(file: file.name, tool: name, reason: "\(error)"))
            }
        }
        if tools.isEmpty {
            let reasons = refusals.map { "\($0.tool ?? "")\($0.tool == nil ? "" : ": ")\($0.reason)" }
            throw PackRefusal(
                file: file.name, reason: "none of its tools can be served: " + reasons.joined(separator: "; "))
        }
        for name in policy.tools.keys.sorted()
        where !names.contains(name) && !refusals.contains(where: { $0.tool == name }) {
            throw PackRefusal(
                file: file.name,
                reason: "\(file.stem).yaml: tools.\(name): the pack has no such tool; it has "
                    + names.sorted().joined(separator: ", "))
        }
        self.tools = tools
        self.refusals = refusals
    }

    private static func isPackID(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { $0.isASCIISmallLetter || $0.isASCIIDigit || $0 == 0x2D }
            && (id.utf8.first ?? 0).isASCIISmallLetter
    }

    private static func schema(_ text: String, file: PackFile) throws(PackRefusal) -> JSONValue? {
        if text.isEmpty { return nil }
        let reader = DescriptorReader()
        do {
            let schema = try reader.json(text, "config_schema")
            _ = try reader.compile(schema, "config_schema")
            _ = try PathProperty.all(of: schema)
            return schema
        } catch {
            throw PackRefusal(file: file.name, reason: "its \(error.field) \(error.reason)")
        }
    }
}

extension PackDescription.Tool {
    /// - Throws: `PackText.Fault` where it could not be copied.
    fileprivate var descriptor: RawToolDescriptor {
        get throws(PackText.Fault) {
            switch self {
            case .described(let descriptor): return descriptor
            case .unreadable(let field, let reason): throw PackText.Fault(field: field, reason: reason)
            }
        }
    }
}
