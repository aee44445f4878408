// What this host can tell of itself and do when an operator asks over the control socket, from its start to its end.

import Glibc
import HostBase
import HostCalls
import HostControl
import HostHTTP
import JSON
import Logging
import NIOCore
import Synchronization

/// Knows more and more of the host while that starts.
final class HostAccount: Sendable {
    private struct Known {
        var snapshot: @Sendable () -> Snapshot?
        var address: String?
        var connections: @Sendable () -> Int = { 0 }
    }

    private let folder: HostFolder
    private let state: HostState
    private let started = NIODeadline.now()
    private let known = Mutex(Known(snapshot: { nil }))

    /// - Parameter folder: the host's own.
    init(of folder: HostFolder, state: HostState) {
        self.folder = folder
        self.state = state
    }

    /// Answers operators from now on, also while the host starts and while it stops.
    func answer(_ logger: Logger) {
        do {
            guard try ControlServer(in: folder, commands: commands, logger: logger).start() else {
                throw HostShortage(description: "the system has no thread for it")
            }
        } catch {
            logger.warning("this host cannot be asked how it is", metadata: ["reason": "\(error)"])
        }
    }

    /// What is served, looked up whenever somebody asks.
    func know(_ snapshot: @escaping @Sendable () -> Snapshot) {
        known.withLock { $0.snapshot = snapshot }
    }

    /// Clients are let in.
    func serves(at address: (host: String, port: Int), connections: @escaping @Sendable () -> Int) {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        known.withLock { known in
            known.address = "\(host):\(address.port)"
            known.connections = connections
        }
    }

    /// All that an operator can ask.
    private var commands: [ControlCommand] {
        [
            ControlCommand("status") { _ in self.vitals.json },
            ControlCommand("pack restart", with: ["pack"]) { members throws(ControlFault) in
                try self.restart(members["pack"] ?? "")
            },
        ]
    }

    /// How the host is now. Takes milliseconds.
    private var vitals: HostVitals {
        let known = known.withLock(\.self)
        let snapshot = known.snapshot()
        return HostVitals(
            number: folder.number, version: HostVersion.current,
            state: state.isStopping ? .stopping : known.address == nil ? .starting : .serving, process: getpid(),
            address: known.address, uptime: .now() - started, memory: ProcessMemory.proportional(of: getpid()),
            connections: known.connections(), packs: snapshot?.packs.map(\.vitals) ?? [],
            refusals: snapshot?.refusals ?? [])
    }

    private func restart(_ id: String) throws(ControlFault) -> JSONValue {
        if state.isStopping { throw ControlFault(.refused, "the host is about to stop") }
        let snapshot = known.withLock(\.snapshot)()
        guard let pack = snapshot?.packs.first(where: { $0.id.isSame(as: id) }) else { throw absence(of: id, snapshot) }
        let before = pack.vitals
        do {
            try pack.desk.engine.restart("an operator asked for it")
        } catch {
            throw ControlFault(.refused, error.description)
        }
        return PackRestart.answer(
            pack.id, calls: before.engine.state == .running ? before.openCalls : 0,
            // What waits for its next start is only started sooner.
            isUnderWay: before.engine.state == .restarting && before.engine.nextStart == nil)
    }

    /// Why no pack of a name can be restarted: one that is refused is known by its file alone.
    private func absence(of id: String, _ snapshot: Snapshot?) -> ControlFault {
        let refusal = snapshot?.refusals.first { item in
            item.tool == nil && (item.file.isSame(as: id) || item.file.isSame(as: id + ".so"))
        }
        if let refusal {
            return ControlFault(
                .refused,
                "\(refusal.file) is refused: \(refusal.reason); restart the host once it is mended")
        }
        let served = snapshot?.packs.map(\.id) ?? []
        return ControlFault(
            .usage,
            "no pack \(ForeignText.quoted(id)) is served by host \(folder.number); served: "
                + (served.isEmpty ? "none" : served.joined(separator: ", ")))
    }
}
