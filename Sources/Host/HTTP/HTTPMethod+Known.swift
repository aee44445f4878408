// The methods that HTTP has, whatever this host does with them.

import NIOHTTP1

extension HTTPMethod {
    /// What RFC 9110 section 9.3 and RFC 5789 let a resource have: where it has not, it says so. `CONNECT` is about
    /// none, and methods of other protocols on top of HTTP are as unknown as made-up ones.
    public var isKnown: Bool { Self.known.contains(self) }

    private static let known: [HTTPMethod] = [.GET, .HEAD, .POST, .PUT, .PATCH, .DELETE, .OPTIONS, .TRACE]
}
