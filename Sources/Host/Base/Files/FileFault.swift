// Why a file that decides is not used.

/// A whole sentence: the file, what is wrong and, where there is one, the way out.
public struct FileFault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
