// A service that is no host, to stand behind servers and connections in tests.

import NIOCore
import NIOHTTP1
import Synchronization

@testable import HostHTTP

/// Answers with its name and the size of what it was sent, at `/stream` with a head and no end, at `/later` when it is
/// told to, and remembers how each exchange ended.
final class NamedService: HTTPService {
    private let name: String
    private let all = Mutex<[String]>([])
    private let waiting = Mutex<[Responder]>([])

    /// A path and a status, or a word, for each exchange that is over.
    var ended: [String] { all.withLock(\.self) }

    init(_ name: String) {
        self.name = name
    }

    func isAnsweredInACrowd(_ path: String) -> Bool { path == "/health" }

    func exchange(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer) -> Exchange {
        Exchange(head, fields, id: id, peer: peer)
    }

    func plan(_ head: HTTPRequestHead, _ exchange: Exchange, on eventLoop: any EventLoop) -> Plan {
        head.method == .POST ? .read : .answer(answer(to: []))
    }

    func handle(_ exchange: Exchange, body: [UInt8], _ reply: Responder) {
        if exchange.path == "/later" { return waiting.withLock { $0.append(reply) } }
        guard exchange.path == "/stream" else { return reply.answer(answer(to: body)) }
        reply.begin(Response(status: .ok, body: .stream(signOfLife: Array("\n".utf8))))
    }

    /// How many requests wait to be answered.
    var waitingCount: Int { waiting.withLock(\.count) }

    /// Answers whoever has waited longest.
    func answerNext() { next().answer(answer(to: [])) }

    /// The way back to whoever has waited longest.
    func next() -> Responder { waiting.withLock { $0.removeFirst() } }

    private func answer(to body: [UInt8]) -> Response {
        .json(Array(#"{"name":"\#(name)","sent":\#(body.count)}"#.utf8))
    }

    func ended(_ exchange: Exchange, _ end: ExchangeEnd) {
        let word =
            switch end {
            case .answered(let status, _): "\(status)"
            case .gone: "gone"
            case .cut: "cut"
            }
        all.withLock { $0.append("\(exchange.path) \(word)") }
    }
}
