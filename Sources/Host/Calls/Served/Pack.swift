// A pack in service: who it is, and the desk that its calls go to.

/// One pack that was started.
struct Pack: Sendable {
    /// Its file in the plugins folder, such as `catalog.so`.
    let file: String
    /// As it states it itself.
    let version: String
    let desk: PackDesk

    var id: String { desk.id }
}
