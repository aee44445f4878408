// Which addresses a network contains.

import NIOCore
import Testing

@testable import HostNetwork

@Suite struct NetworkRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("192.168.1.0/25", "192.168.1.127", true),
        ("192.168.1.0/25", "192.168.1.128", false), ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("::1", "::1", true), ("fd00::/8", "fd12:3456::1", true),
        ("fd00::/8", "fe80::1", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::/0", "10.1.2.3", false),
        ("::ffff:10.0.0.0/104", "10.1.2.3", true), ("::ffff:10.0.0.0/104", "11.1.2.3", false),
        ("::ffff:10.1.2.3", "10.1.2.3", true), ("::ffff:0:0/96", "8.8.8.8", true), ("::ffff:0:0/96", "::1", false),
        ("2001:db8:0:1::/64", "2001:db8:0:1:ffff::1", true), ("2001:db8:0:1::/64", "2001:db8:0:2::1", false),
    ])
    func contains(range: String, address: String, expected: Bool) throws {
        let network = try #require(NetworkRange(range))
        #expect(network.contains(try SocketAddress(ipAddress: address, port: 1)) == expected)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "::1/129", "host", "10.0.0.0/8/8", "10.0.0.0/+8", "10.0.0.0/",
        "::ffff:10.0.0.0/8",
    ])
    func refuses(text: String) {
        #expect(NetworkRange(text) == nil)
    }
}
