// What a connection does about an event, and what it waits for from then on.

/// What `ConnectionState` says; the connection does it.
struct ConnectionStep: Equatable, Sendable {
    /// An answer that a connection gives of its own accord.
    enum Refusal: Sendable {
        /// What made nothing more intelligible is at hand.
        case unreadable
        case tooLarge, noHead, noBody, stopping
    }

    enum Action: Sendable, Equatable {
        case nothing
        /// Keep these bytes of the body.
        case keep
        /// Ask the client for the body, and go on at once where it is there already.
        case invite
        /// The request is complete: hand it to the service.
        case handle
        /// Give the answer that was decided on at the head.
        case answerPlanned
        case refuse(Refusal)
        /// Write the answer; more requests may follow.
        case write
        /// Write the answer, then end the connection in a way that destroys no answer.
        case writeLast
        /// Write the head of an answer in pieces.
        case writeHead
        /// Write one piece of it.
        case writePiece
        /// Tell a client of a stream that the connection lives.
        case giveSign
        /// Deal with what was held, and read.
        case goOn
        /// Tell whoever answers that the host is about to stop.
        case quiesce
        /// See in a moment whether anything is asked.
        case lookSoon
        /// End the connection once what is written is taken.
        case leave
        /// The last answer is out: nothing follows it.
        case closeOutput
        case close
        /// The exchange is over without an answer: its client went away, or the host has waited no longer.
        case tellGone, tellCut
    }

    var action = Action.nothing
    /// What is waited for from now on; `nil`: the same as before.
    var wait: ConnectionDeadline.Wait?
    /// Nothing that comes from here on can be understood.
    var isDeaf = false

    static let nothing = ConnectionStep()
}
