// The entry of a tool in the list of each era.

import HostDocuments
import HostTools
import JSON

extension ToolEntry {
    static func value(_ tool: ToolDescriptor, _ deployment: Deployment, _ era: ProtocolVersion.Era) -> JSONValue {
        value(tool, deployment, structureIsAnyJSON: era.row.structureIsAnyJSON)
    }
}

/// A tool as both eras read it, written once.
struct ToolEntries: Sendable, Equatable {
    private let modern: [UInt8]
    private let legacy: [UInt8]

    init(_ tool: ToolDescriptor, deployment: Deployment) {
        modern = ToolEntry.value(tool, deployment, .modern).bytes()
        legacy = ToolEntry.value(tool, deployment, .legacy).bytes()
    }

    /// In bytes.
    func bytes(_ era: ProtocolVersion.Era) -> [UInt8] {
        switch era {
        case .legacy: legacy
        case .modern: modern
        }
    }
}
