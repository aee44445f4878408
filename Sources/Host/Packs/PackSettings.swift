// What loading and starting packs obeys.

import NIOCore

/// What an operator decides about packs as a whole; of each of them `PackPolicy` says more.
struct PackSettings: Sendable {
    /// The plugins folder.
    var directory: String
    /// Where copies of packs and notes about them are kept.
    var stateDirectory: String
    /// How the files in both are judged.
    var trust: FileTrust
    var policy: ToolPolicy
    /// For a pack's start and, at the end, its stop.
    var startTimeout: TimeAmount
    /// Whether `format` in a schema is a condition.
    var assertsFormats: Bool
}
