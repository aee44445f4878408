// A pack in service: who it is, and the desk that its calls go to.

/// One pack that was started.
public struct Pack: Sendable {
    /// Its file in the plugins folder, such as `catalog.so`.
    public let file: String
    /// As it states it itself.
    public let version: String
    public let desk: PackDesk

    public init(file: String, version: String, desk: PackDesk) {
        self.file = file
        self.version = version
        self.desk = desk
    }

    public var id: String { desk.id }
}
