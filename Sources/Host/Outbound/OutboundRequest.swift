// One request of a pack on its way: attempts, redirects and pauses until it has an end, which is told once.

import HostNetwork
import Logging
import NIOCore
import Synchronization

/// How a request ended.
public enum OutboundOutcome: Sendable {
    case reply(WireReply)
    case failure(OutboundFailure)
}

/// Why a request has no answer.
public struct OutboundFailure: Error, Sendable, CustomStringConvertible {
    /// As the log names it.
    public enum Kind: String, Sendable, Hashable {
        case unavailable, deadline, cancelled
        case tooLarge = "too_large"
        case invalid, denied, busy
    }

    public var kind: Kind
    /// With `unavailable`, `deadline`, `tooLarge` and `busy` fit for a caller, else for the log.
    public var message: String
    public var retryAfter: TimeAmount?
    /// More for the log, where the message is for a caller.
    var reason: String?
    /// Bytes of the request may have reached the backend.
    public var mayHaveLeft = false
    /// What of `message` stays true where the backend was asked.
    var unansweredFact: String?

    public init(
        kind: Kind, message: String, retryAfter: TimeAmount? = nil, reason: String? = nil, mayHaveLeft: Bool = false,
        unansweredFact: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
        self.reason = reason
        self.mayHaveLeft = mayHaveLeft
        self.unansweredFact = unansweredFact
    }

    public var description: String { reason ?? message }

    public static let cancelled = OutboundFailure(kind: .cancelled, message: "The request was cancelled.")
    static let deadline = OutboundFailure(
        kind: .deadline, message: "The service behind this tool did not answer in time.")
    static let tooLarge = OutboundFailure(
        kind: .tooLarge, message: "The service behind this tool answered with more than is accepted; ask for less.")

    /// This failure where the request may have been carried out, and must not be twice: its message says what happened,
    /// and to look first. A caller who read "try again" as well would do so.
    var withOpenOutcome: OutboundFailure {
        var failure = self
        failure.retryAfter = nil
        let fact: String
        switch kind {
        case .unavailable: fact = unansweredFact ?? "The service behind this tool was asked, and gave no whole answer."
        case .deadline: fact = message
        case .tooLarge: fact = "The service behind this tool answered with more than is accepted."
        case .busy: fact = "The service behind this tool answered, and its answer found no room."
        // For the log.
        case .cancelled, .invalid, .denied: return failure
        }
        failure.message = fact + Self.openOutcome
        return failure
    }

    /// Packs say the same of what they find out themselves.
    private static let openOutcome = " Whether it was done is not known: look before asking again."

    public static let crowded = OutboundFailure(
        kind: .busy, message: "Too much is under way for this tool's pack; try again in a moment.",
        retryAfter: .seconds(1))

    /// Neither the pack's fault nor the backend's.
    static func shortage(_ reason: String) -> OutboundFailure {
        OutboundFailure(
            kind: .busy, message: "The host of this tool cannot open a connection now; try again in a moment.",
            retryAfter: .seconds(1), reason: reason)
    }

    /// The backend's doing, and for the operator to see: not a fault of the pack.
    static func redirected(_ reason: String) -> OutboundFailure {
        let fact =
            "The service behind this tool sends requests on to where they may not go; its operator has been told."
        return OutboundFailure(kind: .unavailable, message: fact, reason: reason, unansweredFact: fact)
    }

    static func unavailable(_ reason: String, retryAfter: TimeAmount?) -> OutboundFailure {
        OutboundFailure(
            kind: .unavailable, message: "The service behind this tool cannot be reached; try again in a moment.",
            retryAfter: retryAfter, reason: reason)
    }
}

/// What a pack asks for, checked, with what the host knows of the call.
public struct OutboundOrder: Sendable {
    public var packID: String
    public var method: String
    public var url: OutboundURL
    /// The pack's and the host's, but for credentials.
    public var fields: [(name: String, value: String)]
    public var body: ByteBuffer?
    /// The most bytes that the response's body may have.
    public var limit: Int
    /// Where the bytes of its body are counted, and those of each answer.
    public var share: ByteShare?
    public var deadline: NIODeadline
    public var retry: RetryPolicy
    /// What its idempotency key stands for.
    public var place: KeyedRequest?
    public var userToken: String?
    /// Empty outside a call.
    public var requestID = ""
    public var tool = ""
    /// Told of each time that something is sent; `nil` outside a call.
    public var attempted: (@Sendable () -> Void)?

    public init(
        packID: String, method: String, url: OutboundURL, fields: [(name: String, value: String)],
        body: ByteBuffer? = nil, limit: Int, share: ByteShare? = nil, deadline: NIODeadline, retry: RetryPolicy,
        place: KeyedRequest? = nil, userToken: String? = nil, requestID: String = "", tool: String = "",
        attempted: (@Sendable () -> Void)? = nil
    ) {
        self.packID = packID
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.limit = limit
        self.share = share
        self.deadline = deadline
        self.retry = retry
        self.place = place
        self.userToken = userToken
        self.requestID = requestID
        self.tool = tool
        self.attempted = attempted
    }
}

/// A request in progress.
public final class OutboundRequest: Sendable {
    private struct State {
        var url: OutboundURL
        var method: String
        var body: ByteBuffer?
        var attempts = 0
        var redirects = 0
        /// A token was rejected already: a second 401 is the answer.
        var hasRejectedToken = false
        /// An attempt was admitted whose end the circuit does not know yet; what the circuit called it.
        var admission: Int?
        /// The attempt on its way.
        var exchange: WireExchange?
        var exchangeStarted = NIODeadline.now()
        /// An attempt that has ended sent bytes.
        var hasLeft = false
        var timers: [Scheduled<Void>] = []
        /// Taken by whoever ends the request.
        var done: (@Sendable (OutboundOutcome) -> Void)?
    }

    private let order: OutboundOrder
    private let outbound: Outbound
    private let eventLoop: any EventLoop
    private let started = NIODeadline.now()
    private let state: Mutex<State>

    /// - Parameter done: called once, on the event loop.
    public init(
        _ order: OutboundOrder, outbound: Outbound, on eventLoop: any EventLoop,
        done: @escaping @Sendable (OutboundOutcome) -> Void
    ) {
        self.order = order
        self.outbound = outbound
        self.eventLoop = eventLoop
        state = Mutex(State(url: order.url, method: order.method, body: order.body, done: done))
    }

    /// Begins; its end may come before this returns.
    public func start() {
        eventLoop.execute {
            self.keep(self.eventLoop.scheduleTask(deadline: self.order.deadline) { self.end(.failure(.deadline)) })
            self.attempt()
        }
    }

    /// Ends the request soon. Any thread.
    public func cancel() {
        eventLoop.execute { self.end(.failure(.cancelled)) }
    }

    // MARK: Attempts, all on the event loop

    private var isOver: Bool { state.withLock { $0.done == nil } }

    private func attempt() {
        guard !isOver else { return }
        let url = state.withLock(\.url)
        switch outbound.admission(to: url.origin) {
        case .refuse(let pause):
            return end(.failure(.unavailable("the backend is left alone", retryAfter: pause)))
        case .pass(let number):
            state.withLock { state in
                state.attempts += 1
                state.admission = number
            }
        }
        guard let credentials = outbound.credentials, credentials.origin == url.origin else {
            return send(BackendCredentials.Proof())
        }
        credentials.proof(userToken: order.userToken, on: eventLoop).whenComplete { result in
            switch result {
            case .success(let proof): self.send(proof)
            case .failure(let error):
                let fault = error as? BackendCredentials.Fault
                if let fault, fault.isShortage { return self.failed(.shortage(fault.reason)) }
                self.end(
                    .failure(
                        .unavailable(
                            "there is no token: \(fault?.reason ?? WireFault.reason(of: error))",
                            retryAfter: fault?.retryAfter)))
            }
        }
    }

    /// Not a repetition of what failed.
    private func attemptAgain() {
        state.withLock { $0.attempts -= 1 }
        attempt()
    }

    private func send(_ proof: BackendCredentials.Proof) {
        guard !isOver else { return }
        order.attempted?()
        let (url, method, body) = state.withLock { ($0.url, $0.method, $0.body) }
        let exchange = outbound.client.exchange(
            WireRequest(
                method: method, url: url, fields: order.fields + proof.fields, body: body, limit: order.limit,
                share: order.share?.another()),
            on: eventLoop)
        state.withLock { state in
            state.exchange = exchange
            state.exchangeStarted = .now()
        }
        exchange.reply.whenComplete { result in
            switch result {
            case .success(let reply): self.replied(reply, proof)
            case .failure(let error): self.failed(error as? WireFault ?? .brokenOff(WireFault.reason(of: error)))
            }
        }
    }

    private func replied(_ reply: WireReply, _ proof: BackendCredentials.Proof) {
        guard !isOver else { return }
        attemptEnded(hasLeft: true)
        judge([502, 503, 504].contains(reply.status) ? .failed : .answered)
        if reply.status == 401, let credentials = outbound.credentials, credentials.reject(proof) {
            let isFirst = state.withLock { state in
                defer { state.hasRejectedToken = true }
                return !state.hasRejectedToken
            }
            // The backend did not let the request in, so it has done nothing.
            if isFirst { return attemptAgain() }
        }
        let (url, method, redirects) = state.withLock { ($0.url, $0.method, $0.redirects) }
        switch RedirectDecision(
            status: reply.status, location: reply.field("location"), from: url, method: method, followed: redirects,
            mayRepeat: order.retry.mayRepeat)
        {
        case .refuse(let reason):
            outbound.logRedirected(reason, order.packID, requestID: order.requestID)
            return end(.failure(.redirected(reason)))
        case .follow(let target, let method, let keepsBody):
            state.withLock { state in
                state.redirects += 1
                state.url = target
                state.method = method
                if !keepsBody { state.body = nil }
            }
            return attemptAgain()
        case .answer:
            if !retries(after: .status(reply.status, retryAfter: reply.retryAfter)) { end(.reply(reply)) }
        }
    }

    private func failed(_ fault: WireFault) {
        guard !isOver else { return }
        attemptEnded(hasLeft: fault.mayHaveLeft)
        switch fault {
        case .neverSent(let reason), .brokenOff(let reason):
            judge(.failed)
            if case .neverSent = fault, retries(after: .neverSent) { return }
            if case .brokenOff = fault, retries(after: .brokenOff) { return }
            end(.failure(.unavailable(reason, retryAfter: nil)))
        case .shortage(let reason):
            // The backend was not even asked.
            judge(.withdrawn)
            outbound.logShortage(reason)
            if !retries(after: .neverSent) { end(.failure(.shortage(reason))) }
        case .tooLarge:
            judge(.answered)
            end(.failure(.tooLarge))
        case .crowded:
            judge(.answered)
            end(.failure(.crowded))
        case .cancelled:
            end(.failure(.cancelled))
        case .denied(let reason):
            end(.failure(OutboundFailure(kind: .denied, message: reason)))
        case .invalid(let reason):
            end(.failure(OutboundFailure(kind: .invalid, message: "The request cannot be sent: \(reason).")))
        }
    }

    /// Arms another attempt, where there is to be one.
    private func retries(after failure: AttemptFailure) -> Bool {
        let pause = order.retry.pause(
            after: failure, attempt: state.withLock(\.attempts), remaining: order.deadline - .now(),
            random: Double.random(in: 0...1))
        guard let pause else { return false }
        keep(eventLoop.scheduleTask(in: pause) { self.attempt() })
        return true
    }

    private func judge(_ verdict: Outbound.Verdict) {
        let (origin, admission) = state.withLock { state in
            defer { state.admission = nil }
            return (state.url.origin, state.admission)
        }
        if let admission { outbound.record(verdict, of: origin, admission) }
    }

    private func attemptEnded(hasLeft: Bool) {
        state.withLock { state in
            state.exchange = nil
            if hasLeft { state.hasLeft = true }
        }
    }

    private func keep(_ timer: Scheduled<Void>) {
        state.withLock { $0.timers.append(timer) }
    }

    // MARK: The end

    private func end(_ outcome: OutboundOutcome) {
        let (done, exchange, exchangeStarted, timers, hasLeft) = state.withLock { state in
            defer {
                state.done = nil
                state.exchange = nil
                state.timers = []
            }
            return (state.done, state.exchange, state.exchangeStarted, state.timers, state.hasLeft)
        }
        guard let done else { return }
        var outcome = outcome
        if case .failure(var failure) = outcome {
            // How far the client has come with an exchange that is still on its way is not known on this thread.
            failure.mayHaveLeft = hasLeft || exchange?.hasBegun == true
            // What never left may be asked again, by whatever tool.
            if failure.kind == .unavailable, !failure.mayHaveLeft, failure.retryAfter == nil {
                failure.retryAfter = .seconds(1)
            }
            if failure.mayHaveLeft, !order.retry.mayRepeat { failure = failure.withOpenOutcome }
            outcome = .failure(failure)
            let time = exchange == nil ? .zero : NIODeadline.now() - exchangeStarted
            judge(failure.kind == .deadline ? Outbound.Verdict(deadlineAfter: time) : .withdrawn)
        }
        exchange?.cancel()
        for timer in timers { timer.cancel() }
        log(outcome)
        done(outcome)
    }

    /// Neither path nor query: they may say what a user looks for, or be a secret themselves.
    private func log(_ outcome: OutboundOutcome) {
        let (url, attempts) = state.withLock { ($0.url, $0.attempts) }
        var metadata: Logger.Metadata = [
            "pack": "\(order.packID)", "origin": "\(url.origin)", "retries": "\(max(0, attempts - 1))",
            "ms": "\((NIODeadline.now() - started).nanoseconds / 1_000_000)",
        ]
        if !order.requestID.isEmpty {
            metadata["request_id"] = "\(order.requestID)"
            metadata["tool"] = "\(order.tool)"
        }
        switch outcome {
        case .reply(let reply): metadata["status"] = "\(reply.status)"
        case .failure(let failure):
            metadata["failure"] = "\(failure.kind.rawValue)"
            metadata["reason"] = "\(failure.reason ?? failure.message)"
        }
        outbound.logger.info("outbound call", metadata: metadata)
    }
}
