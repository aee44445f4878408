// One spelling for each address.

import Glibc

public enum IPv6Address {
    /// The address as browsers write it (RFC 5952 section 4, but for addresses of IPv4 within, which are written like
    /// all others); `nil` for what is no address.
    ///
    /// - Parameter text: without brackets and zone.
    public static func canonical(_ text: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let pieces = (0..<8).map { Int(bytes[$0 * 2]) << 8 | Int(bytes[$0 * 2 + 1]) }
        // The first one of the longest runs of zeros.
        var zeros = 0..<0
        for start in 0..<8 {
            let length = pieces[start...].prefix { $0 == 0 }.count
            if length > max(zeros.count, 1) { zeros = start..<start + length }
        }
        func written(_ range: Range<Int>) -> String {
            pieces[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return zeros.isEmpty ? written(0..<8) : written(0..<zeros.lowerBound) + "::" + written(zeros.upperBound..<8)
    }

    /// The IPv4 address that an IPv6 one stands for (RFC 4291 section 2.5.5.2); `nil` for all others.
    ///
    /// - Parameter text: without brackets and zone.
    public static func mapped(_ text: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, text, &bytes) == 1, bytes[..<10].allSatisfy({ $0 == 0 }),
            bytes[10] == 0xFF, bytes[11] == 0xFF
        else { return nil }
        return bytes[12...].map(String.init).joined(separator: ".")
    }
}
