// Names must not lead into private networks, except where the operator says so.

import NIOCore
import Testing

@testable import HostNetwork
@testable import HostOutbound

@Suite struct AddressPolicyTests {
    private static let name = Origin(isSecure: true, host: "shop.example.com", port: 443)

    private func usable(
        _ addresses: [String], for host: String = "shop.example.com", permitted: [String] = []
    ) throws -> [String?] {
        let policy = AddressPolicy(permitted: permitted.compactMap { NetworkRange($0) })
        return policy.usable(
            try addresses.map { try SocketAddress(ipAddress: $0, port: 443) },
            for: Origin(isSecure: true, host: host, port: 443)
        ).map(\.ipAddress)
    }

    @Test(arguments: ["93.184.216.34", "1.1.1.1", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
    func publicAddressesMayBeUsed(address: String) throws {
        #expect(try usable([address]) == [address])
    }

    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "::7f00:1",
    ])
    func specialAddressesMayNot(address: String) throws {
        #expect(try usable([address]) == [])
    }

    @Test func onlyWhatMayBeUsedIsLeft() throws {
        #expect(try usable(["10.0.0.1", "93.184.216.34", "::1"]) == ["93.184.216.34"])
    }

    @Test func theOperatorMayPermitNetworks() throws {
        let permitted = ["10.0.0.0/8", "fd00::/8"]
        #expect(try usable(["10.1.1.1", "fd00::2", "192.168.0.1"], permitted: permitted) == ["10.1.1.1", "fd00::2"])
    }

    @Test func addressesThatAreNamedMayBeUsed() throws {
        #expect(try usable(["127.0.0.1"], for: "127.0.0.1") == ["127.0.0.1"])
        #expect(try usable(["fe80::1"], for: "fe80::1") == ["fe80::1"])
    }

    @Test(arguments: ["localhost", "shop.localhost"])
    func localhostIsThisMachineAndNothingElse(host: String) throws {
        #expect(try usable(["127.0.0.1", "::1", "10.0.0.1", "93.184.216.34"], for: host) == ["127.0.0.1", "::1"])
    }

    @Test(arguments: ["2130706433", "0x7f.1", "127.1", "017700000001"])
    func addressesInDisguiseAreNames(host: String) throws {
        // What the system makes of such a name is judged like the address of any other.
        #expect(try usable(["127.0.0.1"], for: host) == [])
    }
}
