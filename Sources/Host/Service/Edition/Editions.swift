// The one store of what is in force: requests look at it once, changes go through it one after the other.

import HostBase
import HostTools
import Logging
import NIOConcurrencyHelpers

/// The edition in force, and those who want to know when another one is.
public final class Editions: Sendable {
    /// Called after an edition was put in force, on the thread that made it, with the one before and the one after it.
    /// Calls never overlap and come in the order of editions.
    typealias Subscriber = @Sendable (_ former: Edition, _ latter: Edition) -> Void

    private struct State {
        var current: Edition
        var subscribers: [Subscriber] = []
    }

    private let maker: EditionMaker
    private let logger: Logger
    /// Not a `Mutex`, which is handed from thread to thread in turn: where threads outnumber processors all would line
    /// up. With one for what every call over MCP looks at, and four times as many event loops as processors, the rate
    /// went up and down between 0.43 and 0.93 of what it is.
    private let state: NIOLockedValueBox<State>
    /// One after the other: each change is made from what the one before it has left.
    private let errands = Errands("editions", limit: 1)

    /// Makes the first edition and puts it in force.
    ///
    /// - Throws: what a document cannot say.
    public init(_ maker: EditionMaker, of parts: Edition.Parts, logger: Logger) throws(DescriptorProblem) {
        self.maker = maker
        self.logger = logger
        state = NIOLockedValueBox(State(current: try maker.edition(1, of: parts)))
    }

    /// What is in force. Whoever asks twice may get two of them, and never an older one the second time: so a request
    /// asks once.
    public var current: Edition { state.withLockedValue { $0.current } }

    /// Has every later change told.
    func subscribe(_ subscriber: @escaping Subscriber) {
        state.withLockedValue { $0.subscribers.append(subscriber) }
    }

    /// Has another edition made of what the one in force is made of and puts it in force, on a thread of its own, since
    /// that takes milliseconds for each tool. Where it cannot be made the one in force stays, and the log says why.
    ///
    /// - Parameter alter: given the parts as they are when its turn comes.
    public func change(_ alter: @escaping @Sendable (inout Edition.Parts) -> Void) {
        errands.run {
            let former = self.current
            var parts = former.parts
            alter(&parts)
            do {
                self.replace(former, by: try self.maker.edition(former.number + 1, of: parts))
            } catch {
                self.logger.error("documents could not be made again", metadata: ["reason": "\(error)"])
            }
        } orElse: {
            self.logger.error(
                "documents could not be made again", metadata: ["reason": "the system has no thread for it"])
        }
    }

    private func replace(_ former: Edition, by latter: Edition) {
        let subscribers = state.withLockedValue { state in
            state.current = latter
            return state.subscribers
        }
        for subscriber in subscribers { subscriber(former, latter) }
    }
}
