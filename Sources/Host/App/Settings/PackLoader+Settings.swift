// What packs are given of the configuration, and what is said of it once it is known which packs there are.

import HostCalls
import HostOutbound
import HostPacks
import HostTools
import Logging
import NIOCore

extension PackLoader {
    init(
        settings: Settings, calls: CallTable, pool: WorkerPool, loops: [any EventLoop] = [], lastWords: String? = nil,
        outbound: Outbound? = nil, logger: Logger,
        probe: PackProbe?
    ) {
        self.init(
            settings: settings.packs, limits: settings.calls, checks: ToolChecks.all,
            notes: StartNotes(settings.packs, host: settings.host, port: settings.port),
            environment: settings.packValue, calls: calls, pool: pool, loops: loops, lastWords: lastWords,
            outbound: outbound,
            logger: logger, probe: probe)
    }
}

extension Settings {
    /// What a pack's `x-env` property is filled in with.
    @Sendable func packValue(_ name: String) -> String? {
        switch name {
        // What the host itself works out, not only what was set.
        case SettingKey.stateDirectory.name: stateDirectory
        case SettingKey.pluginsDirectory.name: packs.directory
        case SettingKey.agentsURL.name: outbound.agentsURL
        default:
            // A pack never gets at the host's own secrets this way.
            SettingKey.all.contains { $0.name == name && $0.isSecret } ? nil : source[name]
        }
    }

    /// What the operator should know about the configuration, now that it is known which tools there are.
    func warnings(_ found: [DescribedPack]) -> [String] {
        let names = found.flatMap { PackConfiguration.environmentNames(of: $0.configSchema) }
        return source.warnings(known: names)
            + packs.policy.warnings(tools: found.flatMap { $0.tools.map(\.tool.descriptor.name) }) + fileWarnings
    }
}
