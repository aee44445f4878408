// Errors that reach people are sentences: a reader of a log has not read the source.

import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostBase
@testable import HostCalls
@testable import HostEngines
@testable import HostNetwork
@testable import HostOutbound

@Suite struct ErrorTextTests {
    /// Every case of every error that is put into a log line, a report, an answer or the output of a command.
    private static let errors: [any Error] =
        KeyFault.allCases.map { $0 as any Error } + SigningKeyFault.allCases.map { $0 as any Error }
        + KeyFault.allCases.map { KeySkipReason.key($0) as any Error }
        + [
            KeySkipReason.notAnObject, KeySkipReason.unknownType, KeySkipReason.unknownCurve,
            KeySkipReason.unknownAlgorithm,
            KeySkipReason.notForSignatures, KeySkipReason.algorithmOfOtherType, KeySkipReason.memberMissing("n"),
            KeySkipReason.memberInvalid("n"),
            JSONWebKeySet.Fault.notJSON("expected a value"), JSONWebKeySet.Fault.noKeysMember,
            JSONWebKeySet.Fault.tooManyKeys(65),
            ProviderMetadata.Fault.notJSON("expected a value"), ProviderMetadata.Fault.noIssuer,
            ProviderMetadata.Fault.otherIssuer(found: "a", expected: "b"),
            ProviderMetadata.Fault.insecure(member: "jwks_uri"),
            DocumentFetcher.Fault.insecure, DocumentFetcher.Fault.notAURL, DocumentFetcher.Fault.redirect(to: "a"),
            DocumentFetcher.Fault.status(404), DocumentFetcher.Fault.tooLarge,
            DocumentFetcher.Fault.compressed("\"gzip\""),
            DocumentFetcher.Fault.failed("it cannot be reached"),
            DocumentFetcher.Fault.shortage("no descriptor is left"),
            IssuerDirectory.NoKeysURL(),
            WireFault.neverSent("it was refused"), WireFault.shortage("no port is left"),
            WireFault.brokenOff("it broke off"),
            WireFault.tooLarge, WireFault.crowded, WireFault.cancelled, WireFault.denied("it is private"),
            WireFault.invalid("it has no host"),
            NameLookup.Fault(reason: "there is no such name"),
            BackendCredentials.Fault(reason: "it answers with status 500", retryAfter: .seconds(1)),
            OutboundFailure.deadline, OutboundFailure.tooLarge, OutboundFailure.crowded, OutboundFailure.cancelled,
            OutboundFailure.shortage("no descriptor is left"), OutboundFailure.redirected("to another origin"),
            OutboundFailure.unavailable("it was refused", retryAfter: nil),
            PackRefusal(file: "a.so", tool: "b", reason: "is not served"),
            PackRefusal(file: "a.so", reason: "is not served"),
            PackText.Fault(field: "name", reason: "is empty"), FileStatus.Failure(2), FileFault("/a cannot be read"),
            SettingsError(key: "A", problem: "is wrong", example: "b"),
        ]

    /// A value as Swift writes it down: the name of a case or a member, of a type, or something in parentheses behind
    /// one.
    private static func looksLikeSwift(_ text: String) -> Bool {
        text.contains(#/[a-z][A-Z]|\w\((?!s\))|Optional|nil\b|^\w+$|: "/#)
    }

    @Test func theyAreSentences() {
        for error in Self.errors {
            let text = "\(error)"
            #expect(!Self.looksLikeSwift(text.replacing("EdDSA", with: "")), "\(text)")
            #expect(text.contains(" "), "\(text)")
        }
    }

    @Test(arguments: [
        "noKeysMember", "memberInvalid(\"n\")", "key(HostBase.KeyFault.tooShort)", "Failure(number: 2)", "refused",
        "unknown(host: \"a\", port: 1)",
    ])
    func theTestWouldSee(text: String) {
        #expect(Self.looksLikeSwift(text))
    }

    /// Libraries describe their errors to programmers.
    @Test func errorsOfLibrariesBecomeSentences() {
        let errors: [(any Error, String)] = [
            (IOError(errnoCode: 111, reason: "connect"), "Connection refused"),
            (ChannelError.connectTimeout(.seconds(5)), "there was no connection in time"),
            (ChannelError.eof, "the connection was closed"),
            (ChannelError.operationUnsupported, "the connection failed with Operation unsupported"),
            (WireFault.tooLarge, "the answer is too large"),
            (HTTPParserError.invalidVersion, "the answer is not HTTP/1.1: invalid HTTP version"),
        ]
        for (error, text) in errors { #expect(ConnectionFailure.reason(of: error) == text) }
        // Nobody is asked for such a name.
        let unknown = #expect(throws: SocketAddressError.UnknownHost.self) {
            try SocketAddress.makeAddressResolvingHost("a b", port: 1)
        }
        #expect(unknown.map { ConnectionFailure.reason(of: $0) } == "the name has no address")
    }

    @Test func aNameInWords() {
        enum Odd: Error {
            case invalidChunkSize
            case someURLIsWrong(Int)
        }
        #expect(ConnectionFailure.words(of: Odd.invalidChunkSize) == "invalid chunk size")
        #expect(ConnectionFailure.reason(of: Odd.invalidChunkSize) == "it failed with invalid chunk size")
        #expect(!ConnectionFailure.reason(of: Odd.someURLIsWrong(1)).contains("("))
    }
}
