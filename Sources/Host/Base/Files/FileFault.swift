// Why a file that decides is not used.

/// A whole sentence: the file, what is wrong and, where there is one, the way out.
package struct FileFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
