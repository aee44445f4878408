// Whom a caller is taken for: what proxies write is read in all its forms, and what a client writes itself never wins.

import NIOCore
import Testing

@testable import HostHTTP
@testable import HostNetwork

@Suite struct ClientAddressTests {
    private static let addresses = ClientAddress(
        trusted: ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].compactMap { NetworkRange($0) })

    private func client(_ fields: RequestFields, from peer: String = "127.0.0.1") throws -> ClientAddress.Client {
        Self.addresses.client(fields, peer: Self.addresses.peer(try SocketAddress(ipAddress: peer, port: 1)))
    }

    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7"), ("198.51.100.7:5678", "198.51.100.7"),
        ("\"198.51.100.7:5678\"", "198.51.100.7"),
        ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:443", "2001:db8::1"),
        ("\"[2001:db8::1]:443\"", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"), ("fe80::1%eth0", "fe80::1"), ("[fe80::1%25eth0]:1", "fe80::1"),
        ("::ffff:198.51.100.7", "198.51.100.7"), ("[::ffff:c633:6407]:80", "198.51.100.7"),
        // Behind other proxies of the operator's, in every form.
        ("198.51.100.7:1, 10.1.1.1:2", "198.51.100.7"), ("198.51.100.7, ::ffff:10.1.1.1", "198.51.100.7"),
        ("198.51.100.7, [fd00::1]:9, 10.2.2.2", "198.51.100.7"), ("198.51.100.7,, ,10.1.1.1 ,", "198.51.100.7"),
        ("10.3.3.3, 10.1.1.1", "10.3.3.3"),
        // What the client itself wrote.
        ("6.6.6.6, 198.51.100.7:1", "198.51.100.7"), ("nonsense, 198.51.100.7", "198.51.100.7"),
        ("10.9.9.9, 198.51.100.7", "198.51.100.7"),
    ])
    func chains(field: String, name: String) throws {
        #expect(try client(["x-forwarded-for": field]) == .init(name: name))
    }

    @Test(arguments: [
        ("unknown", "127.0.0.1"), ("_hidden", "127.0.0.1"), ("198.51.100.7:99999999", "127.0.0.1"),
        ("198.51.100.7:", "127.0.0.1"),
        ("[198.51.100.7]", "127.0.0.1"), ("[2001:db8::1", "127.0.0.1"), ("[2001:db8::1]x", "127.0.0.1"),
        ("[2001:db8::1]:x", "127.0.0.1"), ("2001:db8:0:0:0:0:0:1:443", "127.0.0.1"), ("for=198.51.100.7", "127.0.0.1"),
        ("\"", "127.0.0.1"), ("fe80::1%", "127.0.0.1"), ("198.51.100.7 10.1.1.1", "127.0.0.1"), ("127.1", "127.0.0.1"),
        // The last place that can be read counts, whatever stands to the left of the one that cannot.
        ("6.6.6.6, unknown, 10.1.1.1:80", "10.1.1.1"), ("6.6.6.6, unknown", "127.0.0.1"),
        ("6.6.6.6, \u{0}", "127.0.0.1"),
    ])
    func whatCannotBeReadEndsTheChain(field: String, name: String) throws {
        let found = try client(["x-forwarded-for": field, "x-real-ip": "6.6.6.6"])
        #expect(found.name == name)
        #expect(found.unread?.field == .forwardedFor)
        #expect(found.unread.map { field.contains($0.value) } == true)
    }

    @Test func severalFieldsAreOneList() throws {
        #expect(
            try client(["x-forwarded-for": "6.6.6.6", "X-Forwarded-For": "198.51.100.7:1 , [fd00::1]:1"])
                == .init(name: "198.51.100.7"))
    }

    @Test func theRealAddressStandsWhereThereIsNoChain() throws {
        #expect(try client(["x-real-ip": "198.51.100.9:80"]) == .init(name: "198.51.100.9"))
        #expect(try client(["x-real-ip": "[2001:db8::1]"]) == .init(name: "2001:db8::1"))
        #expect(try client(["x-forwarded-for": " ,", "x-real-ip": "198.51.100.9"]) == .init(name: "198.51.100.9"))
        #expect(try client(["x-real-ip": "unknown"]).unread == .init(field: .realIP, value: "unknown"))
        // One of the two is the client's own.
        let two = try client(["x-real-ip": "6.6.6.6", "X-Real-IP": "198.51.100.9"])
        #expect(two.name == "127.0.0.1" && two.unread?.field == .realIP)
        #expect(try client(["x-real-ip": "198.51.100.9, 10.1.1.1"]).name == "127.0.0.1")
    }

    @Test func strangersSpeakForNobody() throws {
        let fields: RequestFields = ["x-forwarded-for": "nonsense", "x-real-ip": "198.51.100.9"]
        #expect(try client(fields, from: "192.0.2.1") == .init(name: "192.0.2.1"))
        #expect(try client(fields, from: "::ffff:192.0.2.1") == .init(name: "192.0.2.1"))
    }

    /// As on a socket for both families.
    @Test func aMappedProxyIsTheOneThatIsTrusted() throws {
        #expect(try client(["x-forwarded-for": "198.51.100.7"], from: "::ffff:10.1.1.1") == .init(name: "198.51.100.7"))
    }

    @Test func fieldsOfTheStandardAreNotRead() throws {
        #expect(try client(["forwarded": "for=198.51.100.7"]) == .init(name: "127.0.0.1"))
    }
}
