// An issuer inside the test: what it answers, how often it is asked, and when the answer comes.

import NIOCore
import NIOEmbedded
import Synchronization

@testable import HostAuth
@testable import HostBase

/// Answers fetches of key sets when the test says so. Its clocks are the test's.
final class FixtureIssuer: Sendable {
    private struct State: Sendable {
        var fetches: [(issuer: String, promise: EventLoopPromise<KeySetDocument>)] = []
        var count = 0
        var seconds = 0.0
    }

    struct Down: Error {}

    let loop: EmbeddedEventLoop
    private let state = Mutex(State())

    init(_ loop: EmbeddedEventLoop) {
        self.loop = loop
    }

    /// Fetches asked for so far.
    var count: Int { state.withLock { $0.count } }

    func advance(_ seconds: Double) {
        state.withLock { $0.seconds += seconds }
    }

    var steady: TimeSource {
        TimeSource { NumericDate(seconds: 1000 + self.state.withLock { $0.seconds }) }
    }

    var wall: TimeSource {
        TimeSource { ProviderToken.now + self.state.withLock { $0.seconds } }
    }

    var fetch: KeySetFetch {
        { issuer, eventLoop in
            let promise = eventLoop.makePromise(of: KeySetDocument.self)
            self.state.withLock {
                $0.fetches.append((issuer.issuer, promise))
                $0.count += 1
            }
            return promise.futureResult
        }
    }

    /// Completes all fetches under way.
    func answer(_ body: [UInt8]?, maximumAge: Double? = nil) {
        let fetches = state.withLock { state in
            defer { state.fetches = [] }
            return state.fetches
        }
        for fetch in fetches {
            if let body {
                fetch.promise.succeed(KeySetDocument(body: body, maximumAge: maximumAge))
            } else {
                fetch.promise.fail(Down())
            }
        }
        loop.run()
    }
}
