// Who may listen, and how many at a time: what stands before a subscription is opened.

import HostCaller
import HostHTTP
import NIOCore
import NIOHTTP1

/// Opens streams of `subscriptions/listen`, and tells them of changes.
struct Listening: Sendable {
    /// How long a stream lives; then its client asks again, with a credential that is still good.
    private static let lifetime = TimeAmount.minutes(30)

    private let open = Subscriptions()
    /// Without authentication everybody has the same name, and only addresses tell callers apart.
    private let knowsCallers: Bool

    /// - Parameter knowsCallers: whether there is authentication.
    init(knowsCallers: Bool) {
        self.knowsCallers = knowsCallers
    }

    /// The tools of this edition are not those of the one before it. Any thread.
    func toolsChanged(in edition: Int) {
        open.toolsChanged(in: edition)
    }

    func open(_ filter: ListenFilter, _ question: Question) {
        let reply = question.turn.reply
        if let refusal = Self.refusal(of: question) { return reply.answer(refusal) }
        let open = open
        let request = question.request
        let principal = request.principal.id
        let subscription = Subscription(
            id: question.id, owner: knowsCallers ? principal : question.turn.exchange.client ?? principal,
            filter: filter, reply: reply, lifetime: Self.lifetime, serverInfo: request.edition.facts.info
        ) { open.remove($0) }
        guard open.add(subscription, whoseClientKnows: request.edition.number) else {
            return reply.answer(
                Self.tooMany.response(id: question.id, status: .serviceUnavailable).with("retry-after", "60"))
        }
        reply.hold(subscription)
        question.turn.exchange.goOnForEver()
        subscription.open()
    }

    /// To a client that takes no stream.
    private static func refusal(of question: Question) -> Response? {
        guard question.turn.exchange.takesStreams else {
            return question.response(RPCError(.invalidRequest, "A stream needs HTTP/1.1."))
        }
        guard question.request.forms != .json else {
            let error = RPCError(
                .invalidRequest,
                "This is answered by a stream: send Accept: \(MediaRanges.json), \(MediaRanges.events).")
            return error.response(id: question.id, status: .notAcceptable)
        }
        return nil
    }

    private static let tooMany = RPCError(
        .internalError, "Too many streams listen, of this caller or of all; try again later.")
}
