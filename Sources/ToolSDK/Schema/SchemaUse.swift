// What a schema is rendered for, since the same declaration serves callers, answers and operators.

/// What a rendered schema describes.
public enum SchemaUse: Sendable, Hashable {
    /// What a caller sends. Objects refuse members that were not declared.
    case input
    /// What a tool answers. Objects may gain members in a later version of the tool.
    case output
    /// What an operator writes for a pack. Objects refuse members that were not declared.
    case configuration
}
