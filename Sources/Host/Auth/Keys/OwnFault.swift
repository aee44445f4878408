// Who is to blame where keys could not be fetched, for those who know nothing of how they are fetched.

/// A failure that may be this host's own, such as for want of a descriptor: then it says nothing about who was asked.
protocol OwnFault: Error {
    var isOwn: Bool { get }
}
