// Where a path leads: what is given to a pack has to be named so that no link on the way makes another place of it.

import Glibc

/// A path from the root without links, `.` and `..`. What it names need not be there.
public struct CanonicalPath: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case folder
        /// Whatever is no folder.
        case file
        case absent
    }

    /// Such as `/var/lib/toolhost`; `/` for the root itself.
    public let text: String
    /// What was there when it was looked at.
    public let kind: Kind
    /// Where the links lie that led here.
    public let links: [String]

    /// As many as the kernel follows.
    private static let linkLimit = 40

    /// Follows links as the kernel does. Behind what is not there no link can be, so that `..` takes its name away.
    ///
    /// - Parameter path: begins with `/`.
    /// - Throws: `FileStatus.Failure` where a folder on the way cannot be looked into or is none, where links lead in a
    ///   circle, and for a link whose target is no text.
    public init(_ path: String) throws(FileStatus.Failure) {
        var steps = Self.steps(path)
        var way: [String] = []
        var links: [String] = []
        var kind = Kind.folder
        while let step = steps.popLast() {
            if step == ".." {
                _ = way.popLast()
                // What is above it: asked again, as it may be above what is not there.
                if steps.isEmpty { kind = try Self.kind(of: Self.text(way)) ?? .folder }
                continue
            }
            way.append(step)
            if let found = try Self.kind(of: Self.text(way)) {
                kind = found
                continue
            }
            links.append(Self.text(way))
            guard links.count <= Self.linkLimit else { throw FileStatus.Failure(ELOOP) }
            let target = try Self.target(Self.text(way))
            if target.hasPrefix("/") { way = [] } else { way.removeLast() }
            steps += Self.steps(target)
            kind = .folder
        }
        text = Self.text(way)
        self.kind = kind
        self.links = links
    }

    /// Where a path leads as far as it can be followed. What is behind that stands as it was named.
    ///
    /// - Parameter path: begins with `/`.
    public static func text(of path: String) -> String {
        let steps = steps(path)
        for count in 0...steps.count {
            let way = steps.dropFirst(count).reversed()
            guard let found = try? CanonicalPath(text(Array(way))) else { continue }
            let rest = steps.prefix(count).reversed()
            return rest.isEmpty ? found.text : (found.text == "/" ? "" : found.text) + text(Array(rest))
        }
        return path
    }

    /// Whether this is what `other` names, or lies below it.
    public func lies(in other: CanonicalPath) -> Bool { other.holds(text) }

    /// Whether this is what `path` names, or lies above it.
    ///
    /// - Parameter path: without links.
    public func holds(_ path: String) -> Bool { text == "/" || path == text || path.hasPrefix(text + "/") }

    /// The last one is next.
    private static func steps(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.reversed().map(String.init)
    }

    private static func text(_ way: [String]) -> String { "/" + way.joined(separator: "/") }

    /// - Returns: `nil` for a link.
    private static func kind(of path: String) throws(FileStatus.Failure) -> Kind? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return .absent }
            throw FileStatus.Failure(errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFLNK: return nil
        case S_IFDIR: return .folder
        default: return .file
        }
    }

    private static func target(_ path: String) throws(FileStatus.Failure) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe readlink(path, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count >= 0 else { throw FileStatus.Failure(errno) }
        guard count < buffer.count else { throw FileStatus.Failure(ENAMETOOLONG) }
        guard let text = String(validating: buffer[..<count], as: UTF8.self) else { throw FileStatus.Failure(EILSEQ) }
        return text
    }
}
