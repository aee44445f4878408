// What a team ships: an identity, a configuration, and tools that share the state made at start.

import ToolABI

/// What a pack's entry function returns:
///
/// ```swift
/// @c(tool_pack_entry_v1) public func packEntry() -> PackEntry { CatalogPack.entry }
/// ```
///
/// The type comes from the contract's header, so a header that changes it stops the pack from compiling. (The stronger
/// check, `@c @implementation`, needs the header in the pack's own scope, and with it everything unsafe that is in it.)
public typealias PackEntry = UnsafePointer<tool_pack>?

/// A set of tools that is shipped as one shared object.
///
/// ```swift
/// struct CatalogPack: ToolPack {
///     static let id = "catalog"
///     static let version = "1.0.0"
///     static let description = "Finds products."
///     static let tools: [PackTool<CatalogPack>] = [
///         PackTool { SearchProducts(catalog: $0.catalog) }
///     ]
///     let catalog: ProductCatalog
///
///     init(configuration: Empty, host: HostLink) throws {
///         catalog = try ProductCatalog()
///     }
/// }
/// ```
///
/// What is `static` is read when the host looks at the file, perhaps in a process that it throws away: it opens nothing
/// and starts nothing. The initialiser runs once, when the pack is put to work.
public protocol ToolPack: Sendable {
    associatedtype Configuration: Sendable

    /// `[a-z][a-z0-9-]{0,63}`, unique in a deployment.
    static var id: String { get }
    /// The pack's own version, for people and logs.
    static var version: String { get }
    static var description: String { get }
    /// What an operator may configure.
    static var configuration: Schema<Configuration> { get }
    /// The tools, each with the closure that makes it from the started pack.
    static var tools: [PackTool<Self>] { get }

    /// Starts the pack: opens what its tools share. Runs once, before any call, on a thread that may block.
    ///
    /// - Throws: Anything; the host's log shows the error and the pack is not served.
    init(configuration: Configuration, host: HostLink) throws

    /// Ends what the initialiser began. Runs once, after the last call was answered. Does nothing by default.
    func stop()
}

extension ToolPack {
    public func stop() {}

    /// The table that the host reads: the same one each time.
    public static var entry: PackEntry {
        unsafe PackTable.of(Self.self).table
    }
}

extension ToolPack where Configuration == Empty {
    public static var configuration: Schema<Empty> { .empty }
}
