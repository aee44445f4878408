// Looks at the health URLs that packs named, and knows which packs wait for their backend.

import Logging
import NIOCore
import Synchronization

/// Polls; each URL once, however many packs named it.
final class HealthWatch: Sendable {
    private struct Watched {
        var health: HealthState
        var packs: Set<String>
    }

    /// The most URLs that one pack may name.
    private static let urlsPerPack = 16
    private static let longestLook = TimeAmount.seconds(5)
    private static let maximumBytes = 64 * 1024

    private let client: WireClient
    private let interval: TimeAmount
    private let logger: Logger
    private let watched = Mutex<[OutboundURL: Watched]>([:])

    init(client: WireClient, interval: TimeAmount, logger: Logger) {
        self.client = client
        self.interval = interval
        self.logger = logger
    }

    /// - Returns: `false` when the pack names too many.
    func add(_ url: OutboundURL, for packID: String, on eventLoop: any EventLoop) -> Bool {
        let (isAdmitted, isNew) = watched.withLock { watched in
            if watched[url]?.packs.contains(packID) == true { return (true, false) }
            guard watched.values.count(where: { $0.packs.contains(packID) }) < Self.urlsPerPack else {
                return (false, false)
            }
            let isNew = watched[url] == nil
            watched[url, default: Watched(health: HealthState(interval: interval, now: .now()), packs: [])]
                .packs.insert(packID)
            return (true, isNew)
        }
        if isNew { look(at: url, on: eventLoop) }
        return isAdmitted
    }

    /// How long to stay away from an origin; `nil` while nothing is wrong there.
    func refusal(of origin: Origin, _ now: NIODeadline) -> TimeAmount? {
        watched.withLock { watched in
            watched.lazy.filter { $0.key.origin == origin }.compactMap { $0.value.health.refusal(now) }.max()
        }
    }

    /// Whether one of the URLs that a pack named is not well.
    func isWaiting(_ packID: String) -> Bool {
        watched.withLock { watched in
            watched.values.contains { $0.health.isDown && $0.packs.contains(packID) }
        }
    }

    private func look(at url: OutboundURL, on eventLoop: any EventLoop) {
        let request = WireRequest(
            method: "GET", url: url,
            fields: [("User-Agent", "toolhost/\(HostVersion.current)"), ("Accept", "*/*")], body: nil,
            limit: Self.maximumBytes)
        let time = max(min(interval, Self.longestLook), .milliseconds(500))
        let exchange = client.exchange(request, deadline: .now() + time, on: eventLoop)
        exchange.reply.whenComplete { result in
            let problem: String? =
                switch result {
                case .success(let reply): (200...299).contains(reply.status) ? nil : "status \(reply.status)"
                case .failure(let error): "\(error)"
                }
            let (change, next, packs) = self.watched.withLock { watched in
                let change = watched[url]?.health.looked(isWell: problem == nil, .now())
                let entry = watched[url]
                return (change, entry?.health.nextLook ?? .distantFuture, entry?.packs ?? [])
            }
            var metadata: Logger.Metadata = [
                "origin": "\(url.origin)", "serves": "\(packs.sorted().joined(separator: ", "))",
            ]
            switch change {
            case .wentDown:
                metadata["reason"] = "\(problem ?? "")"
                self.logger.warning("a backend is down", metadata: metadata)
            case .cameBack:
                self.logger.notice("a backend is back", metadata: metadata)
            case nil: break
            }
            eventLoop.scheduleTask(deadline: next) { self.look(at: url, on: eventLoop) }
        }
    }
}
