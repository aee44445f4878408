// Where to listen, in one spelling for each place: what is loopback decides who may call.

import Glibc
import HostBase
import HostNetwork

/// The value of `MCP_SERVER_HOST`.
enum ServerHost {
    /// The spelling under which the rest of the host knows it: an IPv4 address as four numbers, an IPv6 one as RFC 5952
    /// has it and without brackets, a name in lower case without the dot of the root.
    static func checked(_ reader: SettingsReader) throws(SettingsError) -> String {
        let text = reader.string(.serverHost)
        switch reading(text) {
        case .address(let host): return host
        case .problem(let problem): throw reader.error(.serverHost, problem)
        }
    }

    enum Reading: Equatable {
        case address(String)
        /// What is wrong with it, as the end of a sentence.
        case problem(String)
    }

    static func reading(_ text: String) -> Reading {
        if text.hasPrefix("[") || text.hasSuffix("]") {
            guard text.hasPrefix("["), text.hasSuffix("]"), text.contains(":") else {
                return .problem(
                    "has brackets that are not around an IPv6 address alone; MCP_SERVER_PORT is for the port")
            }
            return address6(String(text.dropFirst().dropLast()))
        }
        if text.contains("://") {
            return .problem("is a URL: leave all but its host out; PUBLIC_URL is for what clients call")
        }
        switch text.utf8.count(where: { $0 == UInt8(ascii: ":") }) {
        case 0: return name(text.lowercased())
        case 1: return .problem("has a port, which MCP_SERVER_PORT is for")
        default: return address6(text)
        }
    }

    private static func address6(_ text: String) -> Reading {
        // A zone is the name of an interface, which the system knows.
        let zone = text.firstIndex(of: "%").map { text[$0...] } ?? ""
        guard zone.utf8.count != 1, zone.utf8.dropFirst().allSatisfy({ isName($0) }),
            let address = IPv6Address.canonical(String(text.dropLast(zone.count)))
        else { return .problem("is no IPv6 address") }
        guard zone.isEmpty, let mapped = IPv6Address.mapped(address) else { return .address(address + zone) }
        return .address(mapped)
    }

    private static func name(_ text: String) -> Reading {
        let name = text.count > 1 && text.hasSuffix(".") ? String(text.dropLast()) : text
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 253, !labels.contains(where: \.isEmpty), name.utf8.allSatisfy(isName)
        else {
            return .problem(
                "is neither an address nor the name of a host; 0.0.0.0 and :: stand for every address of this machine")
        }
        // What ends in a number is an address, to everybody who reads it (WHATWG URL, "ends in a number checker"), but
        // in several ways: 127.1 and 0177.0.0.1 are loopback to some and not to others.
        let last = labels.last ?? ""
        let isNumber =
            last.isASCIIDigits
            || last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit)
        guard isNumber else { return .address(name) }
        var bytes = [UInt8](repeating: 0, count: 4)
        guard unsafe inet_pton(AF_INET, name, &bytes) == 1, name == text else {
            return .problem("is no IPv4 address of four numbers without leading zeros")
        }
        return .address(name)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
