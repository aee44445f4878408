// Which of the hosts of a state folder a command is for, decided in a value.

import HostBase

/// The hosts that live, and the one that was named.
struct HostChoice: Sendable, Equatable {
    /// In ascending order.
    var living: [Int]
    /// `--host`.
    var named: Int?
    /// Where they were looked for.
    var place: String

    /// All that are to be shown.
    func all() throws(ControlFault) -> [Int] {
        guard !living.isEmpty else {
            throw ControlFault(
                .absent,
                "no host is running: none holds a lock in \(place); STATE_DIR says where hosts are looked for, and has to be "
                    + "the one with which the host was started")
        }
        guard let named else { return living }
        guard living.contains(named) else {
            throw ControlFault(.usage, "there is no host \(named) in \(place); running: \(list)")
        }
        return [named]
    }

    /// The one that is to do something.
    func one() throws(ControlFault) -> Int {
        let chosen = try all()
        guard chosen.count == 1 else {
            throw ControlFault(
                .usage, "several hosts are running in \(place); say which one with --host N: \(list) (toolhost status)")
        }
        return chosen[0]
    }

    private var list: String { living.map(String.init).joined(separator: ", ") }
}

extension LivingHost {
    /// The hosts that are meant.
    ///
    /// - Parameters:
    ///   - named: one of them alone.
    ///   - isForOne: there has to be one, and no more.
    public static func chosen(
        in stateFolder: String, named: Int?, isForOne: Bool
    ) throws(ControlFault) -> [LivingHost] {
        let place = Self.place(in: stateFolder)
        let hosts: [LivingHost]
        do {
            hosts = try all(in: stateFolder)
        } catch {
            throw ControlFault(
                .absent,
                "hosts cannot be looked for in \(place): \(error.reason); run this as the user of the host, or as root")
        }
        let choice = HostChoice(living: hosts.map(\.number), named: named, place: place)
        let numbers = isForOne ? [try choice.one()] : try choice.all()
        return hosts.filter { numbers.contains($0.number) }
    }
}
