// Addresses have one spelling each.

import Testing

@testable import HostNetwork

@Suite struct IPv6AddressTests {
    @Test(arguments: [
        ("::", "::"), ("0:0:0:0:0:0:0:1", "::1"), ("2001:DB8:0:0::1", "2001:db8::1"), ("1::", "1::"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("::ffff:1.2.3.4", "::ffff:102:304"), ("00a0::0B", "a0::b"),
    ])
    func oneSpelling(text: String, canonical: String) {
        #expect(IPv6Address.canonical(text) == canonical)
    }

    @Test(arguments: ["", ":::", "1.2.3.4", "::1%lo", "12345::", "1:2:3:4:5:6:7:8:9", "g::"])
    func none(text: String) {
        #expect(IPv6Address.canonical(text) == nil)
    }
}
