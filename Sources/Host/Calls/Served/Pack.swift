// A pack in service: who it is, and the desk that its calls go to.

/// One pack that was started.
package struct Pack: Sendable {
    /// Its file in the plugins folder, such as `catalog.so`.
    package let file: String
    /// As it states it itself.
    package let version: String
    package let desk: PackDesk

    package init(file: String, version: String, desk: PackDesk) {
        self.file = file
        self.version = version
        self.desk = desk
    }

    package var id: String { desk.id }
}
