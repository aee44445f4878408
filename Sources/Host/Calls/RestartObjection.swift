// Why a pack is not started again although somebody asks for it.

/// A whole sentence: what stands in the way and the way around it.
public struct RestartObjection: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
