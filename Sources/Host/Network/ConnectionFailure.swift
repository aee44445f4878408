// Why a connection came to nothing, in words for the operator: libraries describe places in their own code instead.

import AsyncHTTPClient
import HostBase
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

public enum ConnectionFailure {
    /// Printable ASCII of limited length.
    public static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError: FileStatus.Failure(error.errnoCode).reason
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "there is no address"
        case let error as HTTPClientError: ForeignText.plain(error.shortDescription)
        case NIOSSLError.handshakeFailed(let cause): handshake("\(cause)")
        case let error as BoringSSLError: handshake("\(error)")
        case NIOSSLError.uncleanShutdown: "the TLS connection was cut off"
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            "the certificate is not one for this name"
        case is NIOSSLError: "TLS failed with \(words(of: error))"
        case is HTTPParserError: "the answer is not HTTP/1.1: \(ForeignText.plain("\(error)"))"
        case is SocketAddressError.UnknownHost, SocketAddressError.unknown: "the name has no address"
        case let error as ChannelError: channel(error)
        case let error as any CustomStringConvertible: ForeignText.plain(error.description)
        default: "it failed with \(words(of: error))"
        }
    }

    private static func channel(_ error: ChannelError) -> String {
        switch error {
        case .connectTimeout: "there was no connection in time"
        case .eof, .ioOnClosedChannel, .alreadyClosed, .inputClosed, .outputClosed: "the connection was closed"
        default: "the connection failed with \(words(of: error))"
        }
    }

    /// The name that a library has for an error, in words: `invalidChunkSize` is "invalid chunk size".
    static func words(of error: any Error) -> String {
        let name = "\(error)".prefix { $0 != "(" }.split(separator: ".").last ?? ""
        var words = ""
        for character in name where character.isASCII {
            if character.isUppercase, words.last?.isUppercase == false { words += " " }
            words +=
                words.hasSuffix(" ") || words.last?.isUppercase == false ? character.lowercased() : String(character)
        }
        return ForeignText.plain(words)
    }

    /// - Parameter description: has BoringSSL's name for what went wrong somewhere between numbers and the paths of its
    ///   code.
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
