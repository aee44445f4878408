// A pack that is started: what it says of itself, and the desk that its calls go to.

/// One pack in service.
struct RunningPack: Sendable {
    let pack: Pack
    let desk: PackDesk

    var id: String { desk.id }
}
