// Why a connection came to nothing, in words for the operator: libraries describe places in their own code instead.

import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

enum ConnectionFailure {
    /// Printable ASCII of limited length.
    static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError: FileStatus.Failure(error.errnoCode).reason
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "there is no address"
        case let error as HTTPClientError: ForeignText.plain(error.shortDescription)
        case NIOSSLError.handshakeFailed(let cause): handshake("\(cause)")
        case let error as BoringSSLError: handshake("\(error)")
        default: ForeignText.plain("\(error)")
        }
    }

    /// - Parameter description: has BoringSSL's name for what went wrong somewhere between numbers and the paths of its code.
    private static func handshake(_ description: String) -> String {
        let marker = "OPENSSL_internal:"
        guard let place = description.firstRange(of: marker) else {
            return "the TLS handshake failed: \(ForeignText.plain(description))"
        }
        let name = description[place.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        let isNoTLS = name == "WRONG_VERSION_NUMBER" || name == "HTTP_REQUEST"
        let advice = isNoTLS ? ", as where a server answers without TLS: its URL would begin with http://" : ""
        return "the TLS handshake failed with \(ForeignText.plain(String(name)))\(advice)"
    }
}
