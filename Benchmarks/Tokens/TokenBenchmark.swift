// Measures what it costs to find out who calls: with a token that is remembered, with one that is not, and beside a
// bare verification by libcrypto in the same process, alternately, because absolute figures differ from minute to
// minute.

import COpenSSL
import Glibc
import JSON
import NIOCore
import NIOEmbedded

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

/// Usage: TokenBenchmark [ROUNDS] [JSON_FILE]
@main
struct TokenBenchmark {
    /// Nanoseconds for one operation: the least of the rounds, which other programs disturbed least, and the median.
    struct Cost {
        var least: Double
        var median: Double

        init(_ rounds: [Double]) {
            let sorted = rounds.sorted()
            (least, median) = (sorted[0], sorted[sorted.count / 2])
        }
    }

    static func main() throws {
        let arguments = CommandLine.arguments
        let rounds = arguments.count > 1 ? max(1, Int(arguments[1]) ?? 1) : 300
        let results = try [SignatureAlgorithm.rs256, .es256].map { try measure($0, rounds: rounds) }
        for result in results { print(result.line) }
        if arguments.count > 2 {
            let document: JSONValue = [
                "unit": "ns", "rounds": JSONValue(rounds), "openssl": .string(version),
                "results": .array(results.map(\.value)),
            ]
            try write(document.bytes(pretty: true), to: arguments[2])
        }
    }

    struct Result {
        var algorithm: SignatureAlgorithm
        var tokenBytes: Int
        var bare: Cost
        var uncached: Cost
        var cached: Cost
        /// By rounds, each of which measured all three side by side.
        var ratio: Double

        var line: String {
            func us(_ cost: Cost) -> String {
                text(cost.least / 1000) + " us (median " + text(cost.median / 1000) + ")"
            }
            return "\(algorithm.name), token of \(tokenBytes) bytes: bare \(us(bare)), uncached \(us(uncached)), "
                + "cached \(us(cached)); uncached / bare \(text(ratio))"
        }

        var value: JSONValue {
            func pair(_ cost: Cost) -> JSONValue { ["least": JSONValue(cost.least), "median": JSONValue(cost.median)] }
            return [
                "algorithm": .string(algorithm.name), "token_bytes": JSONValue(tokenBytes), "bare": pair(bare),
                "uncached": pair(uncached), "cached": pair(cached), "uncached_by_bare": JSONValue(ratio),
            ]
        }

        private func text(_ value: Double) -> String {
            let hundredths = Int((value * 100).rounded())
            return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        }
    }

    /// One issuer, and its tokens as a request brings them.
    private static func measure(_ algorithm: SignatureAlgorithm, rounds: Int) throws -> Result {
        let loop = EmbeddedEventLoop()
        let key = SigningKey(algorithm)
        let now = TimeSource.wall.now().seconds.rounded()
        let keySet = JSONValue.object(["keys": [key.jwk(id: "key-1"), SigningKey(algorithm).jwk(id: "key-2")]]).bytes()
        var rules = IssuerPreset.generic.configuration(issuer: "https://login.example.com/tenant/v2.0")
        rules.audiences = ["11111111-2222-3333-4444-555555555555"]
        let authenticator = JWTAuthenticator(
            issuers: [rules], fetch: { $1.makeSucceededFuture(KeySetDocument(body: keySet)) })
        authenticator.refresh(on: loop)
        loop.run()

        func claims(_ number: Int) -> JSONValue {
            [
                "aud": .string(rules.audiences[0]), "iss": .string(rules.issuer), "iat": JSONValue(now - 10),
                "nbf": JSONValue(now - 10), "exp": JSONValue(now + 3600), "azp": "99999999-8888-7777-6666-555555555555",
                "azpacr": "1", "name": "Ada Lovelace", "oid": "00000000-1111-2222-3333-444444444444",
                "preferred_username": "ada@example.com", "scp": "mcp:read mcp:execute",
                "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVr",
                "tid": "5e1f0c0a-4b7a-4d0e-9f3c-2a6b8c9d0e1f", "uti": .string("\(number)"), "ver": "2.0",
            ]
        }
        // Each is used once, so none is remembered. Few of them, so that what is compared happens within milliseconds.
        let count = 100
        let fresh = (0..<(rounds + 1)).map { round in
            (0..<count).map {
                Credentials(authorization: ["Bearer " + key.token(claims(round * count + $0), id: "key-1").text])
            }
        }
        let known = key.token(claims(-1), id: "key-1")
        let knownCredentials = Credentials(authorization: ["Bearer " + known.text])

        func accept(_ credentials: Credentials) {
            guard case .accepted = authenticator.authenticate(credentials, on: loop) else { fatalError("refused") }
        }
        func time(_ operations: Int, _ body: () -> Void) -> Double {
            let start = nanoseconds()
            body()
            return Double(nanoseconds() - start) / Double(operations)
        }
        var (bare, uncached, cached): ([Double], [Double], [Double]) = ([], [], [])
        for round in 0...rounds {
            let values = (
                time(count) { precondition(key.verifyBare(known.signed, known.signature, times: count) == count) },
                time(count) { for credentials in fresh[round] { accept(credentials) } },
                time(count) { for _ in 0..<count { accept(knownCredentials) } }
            )
            // The first round warms up.
            guard round > 0 else { continue }
            bare.append(values.0)
            uncached.append(values.1)
            cached.append(values.2)
        }
        return Result(
            algorithm: algorithm, tokenBytes: known.text.utf8.count, bare: Cost(bare), uncached: Cost(uncached),
            cached: Cost(cached), ratio: Cost(zip(uncached, bare).map(/)).median)
    }

    /// CPU time of this thread, so that other programs count less.
    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static var version: String {
        unsafe String(cString: OpenSSL_version(OPENSSL_VERSION))
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw Failure(path: path) }
        let written = unsafe fwrite(bytes, 1, bytes.count, file)
        guard unsafe fclose(file) == 0, written == bytes.count else { throw Failure(path: path) }
    }

    struct Failure: Error, CustomStringConvertible {
        var path: String
        var description: String { "\(path) cannot be written" }
    }
}
