// The life of a connection as a value: every event in, what to do about it out. Nothing here reads, writes or knows a
// clock.

/// Where a connection stands with the one request that it deals with.
struct ConnectionState: Sendable {
    enum Phase: Sendable {
        /// Between requests.
        case idle
        /// The head was accepted; its body is on the way.
        case receiving
        /// The request is complete, and not yet decided on.
        case deciding
        /// The answer is waited for.
        case answering
        /// The head of an answer in pieces is on its way.
        case streaming
        /// The answer is being written; nobody has been told yet that it is over.
        case ending
        /// The answer is written and more than the client has taken.
        case taking
        /// The answer was the last one; what still comes in is thrown away.
        case closing
        case closed
    }

    /// What was decided on the request by its head.
    enum Decision: Sendable {
        case open
        /// Its body does not matter.
        case answer
        case read
    }

    var phase = Phase.idle
    /// There are as many connections as there may be: this one may ask for what is answered in a crowd, once.
    let isSpare: Bool
    /// Every answer is the last one of its connection.
    var isQuiescing: Bool
    /// Whether this answer is not the last one.
    private(set) var keepsAlive = true
    private let maxBodyBytes: Int

    private var decision = Decision.open
    private var expectsContinue = false
    private var announcesTooMuch = false
    /// Bytes of the body that came in, kept or not.
    private var bodySize = 0
    /// Whether the body's time is being watched.
    var isTimed = false

    /// Parts of requests are held back, to be dealt with once the answer is written.
    var isHolding = false
    var hasAsked = false
    /// Where nothing is asked, the connection ends.
    var isLeaving = false
    /// The host has ended the connection, and not its client.
    var isCut = false
    /// The parser gave up; nothing that follows can be understood.
    var isBroken = false

    /// - Parameters:
    ///   - maxBodyBytes: of a request's body.
    ///   - stage: of a host that is stopping.
    init(maxBodyBytes: Int, stage: StopStage? = nil, isSpare: Bool = false) {
        self.maxBodyBytes = maxBodyBytes
        self.isSpare = isSpare
        isQuiescing = stage != nil
    }

    /// Clients get less time to send something.
    var isHurried: Bool { isQuiescing || isSpare }

    /// Whether what comes next can be of use now.
    var mayRead: Bool {
        guard !isHolding else { return false }
        return isBusy ? keepsAlive && !isBroken : true
    }

    /// A complete request has no answer yet, or only the beginning of one.
    var isBusy: Bool { phase == .deciding || phase == .answering || phase == .streaming }

    /// A request has its answer, and the next one's turn has not come.
    private var isBetween: Bool { phase == .ending || phase == .taking }

    // MARK: Requests

    func opened() -> ConnectionStep { ConnectionStep(wait: .head) }

    /// A part of a request arrived.
    ///
    /// - Returns: whether it is held back.
    mutating func holds() -> Bool {
        if isBusy || isBetween { isHolding = true }
        return isHolding
    }

    /// Whether parts that were held are dealt with now.
    var deals: Bool { !isBusy && !isBetween }

    /// All that was held has been dealt with.
    mutating func holdsNothing() { isHolding = false }

    /// A request begins: now it can be decided on.
    mutating func begins(_ head: RequestFraming) {
        hasAsked = true
        keepsAlive = head.keepsAlive && !isSpare
        expectsContinue = head.expectsContinue
        announcesTooMuch = head.announcedLength > maxBodyBytes
        (decision, bodySize, isTimed) = (.open, 0, false)
        phase = .receiving
    }

    /// The request is refused, or answered whatever its body says.
    ///
    /// - Parameter closes: whether the connection ends with it.
    mutating func decidedToAnswer(closes: Bool) -> ConnectionStep {
        guard phase == .receiving || phase == .deciding else { return .nothing }
        decision = .answer
        if closes || expectsContinue || announcesTooMuch {
            // The body is not waited for, so nothing that follows on this connection can be understood.
            keepsAlive = false
        } else if phase == .receiving {
            return .nothing
        }
        phase = .answering
        return ConnectionStep(action: .answerPlanned)
    }

    /// The body is wanted.
    mutating func decidedToRead() -> ConnectionStep {
        guard phase == .receiving || phase == .deciding else { return .nothing }
        decision = .read
        guard !announcesTooMuch else { return refuseBody() }
        if expectsContinue {
            expectsContinue = false
            return ConnectionStep(action: .invite)
        }
        return phase == .deciding ? handles() : .nothing
    }

    /// The client has been asked for the body.
    mutating func invited() -> ConnectionStep {
        phase == .deciding ? handles() : .nothing
    }

    /// - Parameter size: of the part of a body that arrived.
    mutating func received(_ size: Int) -> ConnectionStep {
        guard phase == .receiving else { return .nothing }
        guard size <= maxBodyBytes - bodySize else { return refuseBody() }
        bodySize += size
        // The body of a request that is refused is read only to find the end of it.
        return decision == .answer ? .nothing : ConnectionStep(action: .keep)
    }

    /// The request is complete.
    mutating func completed() -> ConnectionStep {
        guard phase == .receiving else { return .nothing }
        var step: ConnectionStep
        switch decision {
        case .open:
            phase = .deciding
            step = .nothing
        case .answer:
            phase = .answering
            step = ConnectionStep(action: .answerPlanned)
        case .read: step = handles()
        }
        step.wait = .nothing
        step.isDeaf = !keepsAlive
        return step
    }

    private mutating func handles() -> ConnectionStep {
        phase = .answering
        return ConnectionStep(action: .handle)
    }

    private mutating func refuseBody() -> ConnectionStep {
        // Nobody gets to know the limit before having shown who they are.
        if decision == .answer {
            keepsAlive = false
            phase = .answering
            return ConnectionStep(action: .answerPlanned)
        }
        return refuses(.tooLarge)
    }

    mutating func refuses(_ refusal: ConnectionStep.Refusal) -> ConnectionStep {
        keepsAlive = false
        phase = .answering
        return ConnectionStep(action: .refuse(refusal))
    }

    // MARK: Answers

    /// There is a whole answer.
    mutating func answers(closes: Bool) -> ConnectionStep {
        guard phase == .answering else { return .nothing }
        return ends(closes: closes)
    }

    /// There is the head of an answer in pieces.
    mutating func streams() -> ConnectionStep {
        guard phase == .answering else { return .nothing }
        if isQuiescing || isBroken { keepsAlive = false }
        phase = .streaming
        return ConnectionStep(action: .writeHead)
    }

    /// There is a piece.
    func sends() -> ConnectionStep {
        phase == .streaming ? ConnectionStep(action: .writePiece) : .nothing
    }

    /// There are no more pieces.
    mutating func endsStream() -> ConnectionStep {
        guard phase == .streaming else { return .nothing }
        return ends(closes: false)
    }

    private mutating func ends(closes: Bool) -> ConnectionStep {
        if closes || isQuiescing || isBroken { keepsAlive = false }
        guard !keepsAlive else {
            phase = .ending
            return ConnectionStep(action: .write)
        }
        phase = .closing
        isHolding = false
        return ConnectionStep(action: .writeLast, wait: .taking, isDeaf: true)
    }

    /// The end of the answer was told; its client may have taken it while it was written.
    mutating func told(canTake: Bool) -> ConnectionStep {
        if phase == .ending { phase = .taking }
        return wrote(canTake: canTake)
    }

    /// Something was written, or the client has taken some of it.
    ///
    /// - Parameter canTake: whether the client keeps up.
    mutating func wrote(canTake: Bool) -> ConnectionStep {
        switch phase {
        case .taking where canTake:
            phase = .idle
            return ConnectionStep(action: .goOn, wait: .request)
        case .taking: return ConnectionStep(wait: .taking)
        // A client that takes nothing is given up in time; one that keeps up hears a sign of life.
        case .streaming: return ConnectionStep(wait: canTake ? .sign : .taking)
        // The next request waits until everybody knows how this one ended: so all hear of them in their order.
        case .ending: return .nothing
        case .idle, .receiving, .deciding, .answering, .closing, .closed: return .nothing
        }
    }

    /// The last answer is out, or never will be.
    func wroteLast() -> ConnectionStep {
        phase == .closing ? ConnectionStep(action: .closeOutput, wait: .rest) : .nothing
    }
}
