// What each pack is given of the host's configuration: how far it is confined, its environment, and its start's
// configuration.

import HostCalls
import HostSandbox
import Logging

extension PackLoader {
    /// How far a pack is confined; inside the host it is not.
    func level(_ policy: PackPolicy) -> SandboxLevel { planner.level(policy) }

    /// The folder that a pack has to itself.
    func dataFolder(of file: PackFile) -> PackDataFolder {
        PackDataFolder(of: file.name, in: settings.stateDirectory)
    }

    /// What the process has in its environment that a pack is tried or run in. Strings of C.
    func strings(of environment: PackEnvironment, for file: PackFile, _ policy: PackPolicy) -> [[CChar]] {
        guard level(policy) != .off else { return environment.whole }
        let folder = dataFolder(of: file)
        let listed = (policy.environment ?? []).compactMap { name in
            // The state folder is out of its reach.
            (name == HostPlaces.stateKey ? folder.path : self.environment(name)).map { (name: name, value: $0) }
        }
        return environment.strings(in: folder, listed: listed)
    }

    /// The configuration that a pack would be started with. Makes nothing.
    ///
    /// - Throws: `PackRefusal` where it is wrong, and where the pack ended the host again and again when it was started
    ///   so.
    public func config(
        for pack: DescribedPack, isInHost: Bool = true
    ) throws(PackRefusal) -> PackConfiguration.Resolved {
        let level = level(pack.policy)
        let configuration = PackConfiguration(
            environment: environment, places: settings.places, folder: dataFolder(of: pack.file),
            names: EnvironmentNames(level, listed: pack.policy.environment), isConfined: level != .off)
        let resolved: PackConfiguration.Resolved
        do {
            resolved = try configuration.resolve(schema: pack.configSchema, policy: pack.policy)
        } catch {
            throw refusal(of: pack, error)
        }
        // What ends a process of its own is counted by whoever keeps that.
        if isInHost { try notes.check(StartNote.Subject(pack.file, pack.policy, configuration: resolved.config)) }
        return resolved
    }

    /// Makes the folders that a pack's configuration names, and tells what is to be told of it.
    func prepare(_ resolved: PackConfiguration.Resolved, for pack: DescribedPack) throws(PackRefusal) {
        for remark in resolved.remarks {
            var metadata: Logger.Metadata = ["file": "\(pack.file.name)"]
            for (key, value) in remark.metadata { metadata[key] = "\(value)" }
            logger.warning("\(remark.message)", metadata: metadata)
        }
        do {
            try resolved.makeFolders()
        } catch {
            throw refusal(of: pack, error)
        }
    }

    private func refusal(of pack: DescribedPack, _ fault: PolicyFault) -> PackRefusal {
        PackRefusal(file: pack.file.name, reason: "its configuration is wrong: \(fault)")
    }

    /// Tells which names several packs are given because they ask for them, and no operator said so.
    func tell(shared names: [SharedName]) {
        if names.isEmpty { return }
        logger.notice(
            "packs are given the same names because they ask for them; an env: in their YAML has each given what it lists",
            metadata: ["names": "\(names.map(\.text).joined(separator: "; "))"])
    }
}
