// What an unanswered request waits for, as far as its connection knows it.

import HostCalls

/// Makes an answer, or works on one. The connection that waits for it calls it, always on its event loop.
public protocol AnswerSource: AnyObject, Sendable {
    /// The client can take more again.
    func resume()
    /// The host is about to stop: an answer that would go on for ever ends now.
    func quiesce()
    /// The client went away; nothing can be sent any more.
    func gone()
}

extension AnswerSource {
    // Whoever answers as a whole has nothing to do with these.
    public func resume() {}
    public func quiesce() {}
}

extension Call: AnswerSource {
    public func gone() { tool.desk.abandon(self) }
}
