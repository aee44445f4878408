// Looks at the health URLs that packs named, and knows which packs wait for their backend.

import HostBase
import HostNetwork
import Logging
import NIOCore
import Synchronization

/// Polls; each URL once, however many packs named it.
public final class HealthWatch: Sendable {
    private struct Watched {
        /// Tells it from an earlier one of the same URL, whose last look may still be on its way.
        let number: Int
        var health: HealthState
        var packs: Set<String>
    }

    private struct State {
        var watched: [OutboundURL: Watched] = [:]
        var lastNumber = 0
    }

    /// The most URLs that one pack may name.
    private static let urlsPerPack = 16
    private static let longestLook = TimeAmount.seconds(5)
    private static let maximumBytes = 64 * 1024

    private let client: WireClient
    private let interval: TimeAmount
    private let logger: Logger
    private let state = Mutex(State())

    init(client: WireClient, interval: TimeAmount, logger: Logger) {
        self.client = client
        self.interval = interval
        self.logger = logger
    }

    /// - Returns: `false` when the pack names too many.
    public func add(_ url: OutboundURL, for packID: String, on eventLoop: any EventLoop) -> Bool {
        let (isAdmitted, newNumber) = state.withLock { state -> (Bool, Int?) in
            if state.watched[url]?.packs.contains(packID) == true { return (true, nil) }
            guard state.watched.values.count(where: { $0.packs.contains(packID) }) < Self.urlsPerPack else {
                return (false, nil)
            }
            guard state.watched[url]?.packs.insert(packID) == nil else { return (true, nil) }
            state.lastNumber += 1
            state.watched[url] = Watched(
                number: state.lastNumber, health: HealthState(interval: interval, now: .now()), packs: [packID])
            return (true, state.lastNumber)
        }
        if let newNumber { look(at: url, newNumber, on: eventLoop) }
        return isAdmitted
    }

    /// Nothing is looked at for this pack any more.
    public func remove(_ packID: String) {
        state.withLock { state in
            for url in state.watched.keys { state.watched[url]?.packs.remove(packID) }
            state.watched = state.watched.filter { !$0.value.packs.isEmpty }
        }
    }

    /// How long to stay away from an origin; `nil` while nothing is wrong there.
    func refusal(of origin: Origin, _ now: NIODeadline) -> TimeAmount? {
        state.withLock { state in
            state.watched.lazy.filter { $0.key.origin == origin }.compactMap { $0.value.health.refusal(now) }.max()
        }
    }

    /// Whether one of the URLs that a pack named is not well.
    public func isWaiting(_ packID: String) -> Bool {
        state.withLock { state in
            state.watched.values.contains { $0.health.isDown && $0.packs.contains(packID) }
        }
    }

    /// The URLs that a pack named, without their queries, which are for nobody else.
    public func watched(by packID: String) -> [String] {
        let urls = state.withLock { state in state.watched.filter { $0.value.packs.contains(packID) }.keys }
        return urls.map { String($0.description.prefix { $0 != "?" }) }.sorted()
    }

    private func look(at url: OutboundURL, _ number: Int, on eventLoop: any EventLoop) {
        let request = WireRequest(
            method: "GET", url: url,
            fields: [("User-Agent", "toolhost/\(HostVersion.current)"), ("Accept", "*/*"), ContentCoding.asked],
            body: nil,
            limit: Self.maximumBytes)
        let time = max(min(interval, Self.longestLook), .milliseconds(500))
        let exchange = client.exchange(request, deadline: .now() + time, on: eventLoop)
        exchange.reply.whenComplete { result in
            let problem: String? =
                switch result {
                case .success(let reply): (200...299).contains(reply.status) ? nil : "status \(reply.status)"
                case .failure(let error): WireFault.reason(of: error)
                }
            let isShortage = if case .failure(let error) = result { WireFault.isShortage(error) } else { false }
            let (change, entry) = self.state.withLock { state -> (HealthState.Change?, Watched?) in
                guard state.watched[url]?.number == number else { return (nil, nil) }
                if isShortage {
                    state.watched[url]?.health.gaveUp(.now())
                    return (nil, state.watched[url])
                }
                let change = state.watched[url]?.health.looked(isWell: problem == nil, .now())
                return (change, state.watched[url])
            }
            guard let entry else { return }
            var metadata: Logger.Metadata = [
                "origin": "\(url.origin)", "serves": "\(entry.packs.sorted().joined(separator: ", "))",
            ]
            switch change {
            case .wentDown:
                metadata["reason"] = "\(problem ?? "")"
                self.logger.warning("a backend is down", metadata: metadata)
            case .cameBack:
                self.logger.notice("a backend is back", metadata: metadata)
            case nil: break
            }
            eventLoop.scheduleTask(deadline: entry.health.nextLook) { self.look(at: url, number, on: eventLoop) }
        }
    }
}
