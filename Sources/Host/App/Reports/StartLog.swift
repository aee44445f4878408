// What the log is told while a host starts: what is served and what is not, whose tokens count, and what to look at.

import HostAuth
import HostCalls
import HostClients
import Logging
import NIOCore

/// The log of one start.
struct StartLog: Sendable {
    let logger: Logger

    /// What the operator should look at, though it keeps nothing from starting.
    func warn(_ warnings: [String]) {
        for warning in warnings { logger.warning("\(warning)") }
    }

    /// - Parameter warning: `nil` where there is nothing to warn of.
    func warn(_ warning: String?) {
        if let warning { warn([warning]) }
    }

    /// What is served and what is not, and what clients may make of it.
    func loaded(_ snapshot: Snapshot) {
        for refusal in snapshot.refusals { tell(refusal, of: "refused", .error) }
        for item in snapshot.disabled { tell(item, of: "disabled", .notice) }
        for pack in snapshot.packs { served(pack, snapshot.tools.filter { $0.desk === pack.desk }.map(\.name)) }
        let subjects = snapshot.tools.map { ToolSubject($0.descriptor, schemas: ($0.inputSchema, $0.outputSchema)) }
        ClientReview(tools: subjects, isDeployment: true).write(to: logger)
    }

    private func tell(_ item: PackRefusal, of fate: String, _ level: Logger.Level) {
        var metadata: Logger.Metadata = ["file": "\(item.file)", "reason": "\(item.reason)"]
        if let tool = item.tool { metadata["tool"] = "\(tool)" }
        logger.log(level: level, "\(item.tool == nil ? "pack" : "tool") \(fate)", metadata: metadata)
    }

    private func served(_ pack: Pack, _ tools: [String]) {
        var metadata: Logger.Metadata = [
            "file": "\(pack.file)", "pack": "\(pack.id)", "version": "\(pack.version)",
            "isolation": "\(pack.desk.isolation.rawValue)", "serves": "\(tools.joined(separator: ", "))",
        ]
        if let process = pack.desk.engine.ownProcess { metadata["pid"] = "\(process)" }
        // A pack that answers through another service names it, and stands without it.
        let backends = pack.desk.engine.watched
        if !backends.isEmpty { metadata["backend"] = "\(backends.joined(separator: ", "))" }
        logger.info("pack served", metadata: metadata)
    }

    /// Whose tokens count.
    func trusted(_ issuers: [TrustedIssuer]) {
        for issuer in issuers {
            logger.info(
                "issuer trusted",
                metadata: [
                    "issuer": "\(issuer.rules.issuer)", "preset": "\(issuer.preset.rawValue)",
                    "settings": "\(issuer.rules.settings)",
                ])
        }
    }

    /// The last word of a start.
    ///
    /// - Parameters:
    ///   - plugins: the folder that the packs came from.
    ///   - host: by which commands name this host, where they can ask it.
    func listening(
        at address: (host: String, port: Int), _ publicURL: String, _ snapshot: Snapshot, plugins: String, host: Int?
    ) {
        if snapshot.tools.isEmpty {
            logger.warning("no tool is served: /health says unavailable", metadata: ["plugins": "\(plugins)"])
        }
        var metadata: Logger.Metadata = [
            "address": "\(address.host)", "port": "\(address.port)", "public_url": "\(publicURL)",
            "packs": "\(snapshot.packs.count)", "tools": "\(snapshot.tools.count)",
        ]
        if let host { metadata["host"] = "\(host)" }
        logger.info("listening", metadata: metadata)
    }
}
