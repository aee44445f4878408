// How a connection comes to its end: because the host stops, nothing can be read any more, or a time is over.

extension ConnectionState {
    /// A host that stops says how far it is.
    mutating func stops(_ stage: StopStage) -> ConnectionStep {
        isQuiescing = true
        switch stage {
        case .announced:
            // A client that has sent half a request has not been promised anything yet.
            return ConnectionStep(action: .quiesce, wait: phase == .receiving ? .body : nil)
        case .closing:
            isLeaving = true
            // What has arrived by now is answered first.
            return ConnectionStep(action: .lookSoon)
        case .cut:
            isCut = true
            return ConnectionStep(action: .close)
        }
    }

    /// The moment of `lookSoon` has come.
    ///
    /// - Parameter isMidPart: whether bytes have come of which nothing has been made yet.
    mutating func looked(isMidPart: Bool) -> ConnectionStep {
        guard phase == .idle, !isHolding else { return .nothing }
        // The rest of a head may be on its way, and so may the first request of a connection just made.
        return isMidPart || !hasAsked ? ConnectionStep(wait: .arrival) : leaves()
    }

    /// All that came in so far has been dealt with, or is held.
    mutating func settles() -> ConnectionStep {
        if phase == .idle, !isHolding, isLeaving || isBroken { return leaves() }
        return readAll()
    }

    /// A body mostly comes with its head; only one that does not is timed.
    mutating func readAll() -> ConnectionStep {
        guard phase == .receiving, !isTimed else { return .nothing }
        isTimed = true
        return ConnectionStep(wait: .body)
    }

    private mutating func leaves() -> ConnectionStep {
        phase = .closing
        return ConnectionStep(action: .leave, wait: .taking, isDeaf: true)
    }

    /// Something came in that is no request.
    mutating func fails() -> ConnectionStep {
        switch phase {
        case .idle, .receiving: return refuses(.unreadable)
        // An answer that is under way has the floor; the connection is beyond repair after it.
        case .deciding, .answering, .streaming, .ending, .taking, .closing, .closed:
            isBroken = true
            return ConnectionStep(isDeaf: true)
        }
    }

    /// What was waited for has not come.
    ///
    /// - Parameter canTake: whether the client keeps up with what it is sent.
    mutating func timesOut(isMidPart: Bool, canTake: Bool) -> ConnectionStep {
        switch phase {
        case .idle where isQuiescing && isMidPart: refuses(.stopping)
        case .idle where !hasAsked: refuses(.noHead)
        case .receiving: refuses(isQuiescing ? .stopping : .noBody)
        case .streaming where canTake: ConnectionStep(action: .giveSign)
        case .idle, .deciding, .answering, .streaming, .ending, .taking, .closing, .closed:
            ConnectionStep(action: .close)
        }
    }

    /// The connection is no more.
    ///
    /// - Parameter isInHead: whether it ended within a request's head.
    mutating func closes(isInHead: Bool) -> ConnectionStep {
        // Also of whom only a part of a body came, or of a head.
        let isOpen = isBusy || phase == .receiving || phase == .idle && isInHead
        phase = .closed
        isHolding = false
        return isOpen ? ConnectionStep(action: isCut ? .tellCut : .tellGone) : .nothing
    }
}
