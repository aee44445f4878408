// A pack that was loaded and judged, and waits to be started.

import HostEngines
import HostSandbox

/// One pack, wherever it was loaded.
struct ReadyPack: Sendable {
    enum Place: Sendable {
        /// In this process, until that ends.
        case host(LoadedTable)
        /// In a process of its own.
        case process(RunnerKeeper)
    }

    let described: DescribedPack
    let place: Place

    var isInHost: Bool {
        if case .host = place { true } else { false }
    }

    /// How far it is confined.
    var level: SandboxLevel {
        if case .process(let keeper) = place { keeper.firstPlan.level } else { .off }
    }

    /// It will not be started.
    func drop() {
        if case .process(let keeper) = place { keeper.drop() }
    }
}
