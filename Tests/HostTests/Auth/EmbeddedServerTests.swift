// The embedded authorization server as its clients see it, and its tokens as the authenticator sees them.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

@Suite struct EmbeddedServerTests {
    static let url = "http://localhost:3001"
    private static let pem = (try? SigningKey.generate().pem()) ?? []
    static let start = NumericDate(seconds: 1_700_000_000)
    let folder: TemporaryFolder
    let server: EmbeddedAuthorizationServer

    init() throws {
        folder = try TemporaryFolder()
        // A key takes long to make; only the tests of the first start make one of their own.
        try SecretFile.prepareFolder("\(folder.path)/auth")
        _ = try SecretFile.create("\(folder.path)/auth/signing-key.pem", Self.pem)
        server = try Self.open(folder, at: Self.start)
    }

    private static func open(
        _ folder: TemporaryFolder, at time: NumericDate, url: String = url
    ) throws -> EmbeddedAuthorizationServer {
        try .open(stateFolder: folder.path, publicURL: url, clock: TimeSource { time })
    }

    private var credentials: String { "client_id=\(server.clientID)&client_secret=\(server.clientSecret)" }

    private func post(
        _ body: String, basic: [String] = [], type: String? = "application/x-www-form-urlencoded",
        scopes: [String] = ["a", "b"]
    ) -> TokenResponse {
        let fields = basic.map { "Basic " + Base64.standard.encode(Array($0.utf8)) }
        return server.respond(
            to: TokenRequest(authorization: fields, contentType: type, body: Array(body.utf8)), scopes: scopes)
    }

    private func json(_ response: TokenResponse) throws -> JSONValue {
        try JSONValue(parsing: response.body)
    }

    private func authenticate(_ token: String, at time: NumericDate = start) throws -> Principal {
        let authenticator = try EmbeddedAuthenticator(server: try Self.open(folder, at: time))
        return try authenticator.principal(
            Credentials(authorization: ["Bearer \(token)"]), owner: ObjectIdentifier(folder))
    }

    // MARK: Issuing

    @Test func issuesForAForm() throws {
        let response = post("grant_type=client_credentials&\(credentials)")
        #expect(response.status == 200)
        #expect(response.outcome == "issued")
        let headers = Dictionary(uniqueKeysWithValues: response.headers.map { ($0.name, $0.value) })
        #expect(headers["content-type"] == "application/json")
        #expect(headers["cache-control"] == "no-store")
        let answer = try json(response)
        #expect(answer["token_type"]?.string == "Bearer")
        #expect(answer["expires_in"]?.int64 == 3600)
        #expect(answer["scope"]?.string == "a b")

        let token = try #require(answer["access_token"]?.string)
        let principal = try authenticate(token)
        #expect(principal.clientID == server.clientID)
        #expect(principal.clientIssuer == Self.url)
        #expect(principal.subject == nil)
        #expect(principal.scopes == ["a", "b"])
    }

    /// RFC 9068 section 2.
    @Test func tokenHasTheProfilesMembers() throws {
        let token = try #require(try json(post("grant_type=client_credentials&\(credentials)"))["access_token"]?.string)
        let jws = try CompactJWS(token)
        #expect(jws.algorithm == "RS256")
        #expect(jws.type == "at+jwt")
        #expect(jws.keyID == server.jwks["keys"]?[0]?["kid"]?.string)
        #expect(jws.payload["iss"]?.string == Self.url)
        #expect(jws.payload["aud"]?.string == Self.url)
        #expect(jws.payload["sub"]?.string == server.clientID)
        #expect(jws.payload["client_id"]?.string == server.clientID)
        #expect(jws.payload["iat"]?.int64 == 1_700_000_000)
        #expect(jws.payload["exp"]?.int64 == 1_700_003_600)
        let second = try #require(
            try json(post("grant_type=client_credentials&\(credentials)"))["access_token"]?.string)
        #expect(try CompactJWS(second).payload["jti"] != jws.payload["jti"])
    }

    @Test func issuesForBasic() throws {
        let basic = "\(server.clientID):\(server.clientSecret)"
        #expect(post("grant_type=client_credentials", basic: [basic]).status == 200)
        #expect(post("grant_type=client_credentials&client_id=\(server.clientID)", basic: [basic]).status == 200)
        // RFC 6749 section 2.3.1: both parts are form-encoded first.
        let encoded = basic.replacing("-", with: "%2D")
        #expect(post("grant_type=client_credentials", basic: [encoded]).status == 200)
        #expect(
            post(
                "grant_type=client_credentials", basic: [basic],
                type: "Application/X-WWW-Form-Urlencoded ; charset=UTF-8"
            ).status == 200)
    }

    @Test func grantsWhatIsAskedFor() throws {
        let one = post("grant_type=client_credentials&\(credentials)&scope=b+b")
        #expect(try json(one)["scope"]?.string == "b")
        let none = try json(post("grant_type=client_credentials&\(credentials)", scopes: []))
        #expect(none["scope"] == nil)
        #expect(try authenticate(try #require(none["access_token"]?.string)).scopes == [])
        let resource = try json(
            post("grant_type=client_credentials&\(credentials)&resource=http://localhost:3001/mcp&resource=\(Self.url)")
        )
        let token = try #require(resource["access_token"]?.string)
        #expect(try CompactJWS(token).payload["aud"] == ["http://localhost:3001", "http://localhost:3001/mcp"])
        #expect(try authenticate(token).clientID == server.clientID)
    }

    // MARK: Refusing

    @Test(arguments: [
        ("", "invalid_request"), ("scope=a", "invalid_request"), ("grant_type=", "invalid_request"),
        ("grant_type=authorization_code", "unsupported_grant_type"), ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&scope=%ZZ", "invalid_request"),
        ("grant_type=client_credentials&scope=a+c", "invalid_scope"),
        ("grant_type=client_credentials&scope=A", "invalid_scope"),
        ("grant_type=client_credentials&resource=https://other.example", "invalid_target"),
        ("grant_type=client_credentials&resource=http://localhost:3001.evil.example/", "invalid_target"),
        ("grant_type=client_credentials&resource=http://localhost:3001/%23f", "invalid_target"),
        ("grant_type=client_credentials&audience=api", "invalid_target"),
    ])
    func refusesWithTheRightError(body: String, code: String) throws {
        let response = post("\(credentials)&\(body)")
        #expect(response.status == 400)
        #expect(try json(response)["error"]?.string == code)
        #expect(response.outcome == code)
        #expect(response.headers.contains { $0 == ("cache-control", "no-store") })
    }

    @Test func refusesOtherBodies() throws {
        let padding = String(repeating: "x", count: EmbeddedAuthorizationServer.maximumBodyBytes)
        let long = post("grant_type=client_credentials&\(credentials)&padding=\(padding)")
        #expect(try json(long)["error"]?.string == "invalid_request")
        for type in [nil, "", "application/json", "text/plain", "application/x-www-form-urlencodedx"] {
            let response = post("grant_type=client_credentials&\(credentials)", type: type)
            #expect(try json(response)["error"]?.string == "invalid_request")
        }
    }

    @Test func refusesOtherClients() throws {
        let (id, secret) = (server.clientID, server.clientSecret)
        let grant = "grant_type=client_credentials"
        let refused = [
            post(grant), post("\(grant)&client_id=\(id)"), post("\(grant)&client_secret=\(secret)"),
            post("\(grant)&client_id=\(id)&client_secret=\(secret)x"),
            post("\(grant)&client_id=x&client_secret=\(secret)"),
            post("\(grant)&client_id=\(id)&client_secret="), post(grant, basic: ["\(id):"]), post(grant, basic: [":"]),
            post(grant, basic: [id]), post(grant, basic: ["\(id):\(secret)x"]), post(grant, basic: ["\(secret):\(id)"]),
            post(grant, basic: ["\(id):%"]),
        ]
        for response in refused {
            #expect(response.status == 401)
            #expect(try json(response)["error"]?.string == "invalid_client")
            #expect(response.headers.contains { $0.name == "www-authenticate" && $0.value.hasPrefix("Basic ") })
            let text = String(decoding: response.body, as: UTF8.self)
            #expect(!text.contains(secret) && !text.contains(id))
        }
        for field in ["Bearer abc", "Basic", "Basic !!", "Basic YTpi YTpi", ""] {
            let response = server.respond(
                to: TokenRequest(
                    authorization: [field], contentType: "application/x-www-form-urlencoded", body: Array(grant.utf8)),
                scopes: [])
            #expect(response.status == 401)
        }
    }

    @Test func refusesTwoWaysOfAuthentication() throws {
        let basic = "\(server.clientID):\(server.clientSecret)"
        for response in [
            post("grant_type=client_credentials&\(credentials)", basic: [basic]),
            post("grant_type=client_credentials&client_id=other", basic: [basic]),
            post("grant_type=client_credentials", basic: [basic, basic]),
        ] {
            #expect(response.status == 400)
            #expect(try json(response)["error"]?.string == "invalid_request")
        }
    }

    // MARK: Authenticating

    private func refusal(_ credentials: Credentials, at time: NumericDate = start) throws -> AuthenticationFailure? {
        let authenticator = try EmbeddedAuthenticator(server: try Self.open(folder, at: time))
        do throws(AuthenticationFailure) {
            _ = try authenticator.principal(credentials, owner: ObjectIdentifier(folder))
            return nil
        } catch {
            return error
        }
    }

    @Test func tokensLastAnHour() throws {
        let token = try #require(try json(post("grant_type=client_credentials&\(credentials)"))["access_token"]?.string)
        let bearer = Credentials(authorization: ["bearer \(token)"])
        #expect(try refusal(bearer, at: Self.start + 3599.9) == nil)
        #expect(try refusal(bearer, at: Self.start + 3600) == .invalid(.expired))
        #expect(try refusal(bearer, at: Self.start - 1) == .invalid(.issuedInFuture))
    }

    @Test func otherHostsTokensAreRefused() throws {
        let other = try TemporaryFolder()
        let otherServer = try Self.open(other, at: Self.start)
        let moved = try Self.open(folder, at: Self.start, url: "http://localhost:9999")
        let token = try #require(try json(post("grant_type=client_credentials&\(credentials)"))["access_token"]?.string)
        for (server, reason) in [(otherServer, RefusalReason.unknownKeyID), (moved, .issuer)] {
            let authenticator = try EmbeddedAuthenticator(server: server)
            #expect(throws: AuthenticationFailure.invalid(reason)) {
                try authenticator.principal(
                    Credentials(authorization: ["Bearer \(token)"]), owner: ObjectIdentifier(other))
            }
        }
    }

    @Test func refusesEachWrongCredential() throws {
        let token = try #require(try json(post("grant_type=client_credentials&\(credentials)"))["access_token"]?.string)
        #expect(try refusal(Credentials()) == .missing)
        #expect(try refusal(Credentials(authorization: ["Basic YTpi"]))?.kind == .missing)
        #expect(
            try refusal(Credentials(authorization: ["Bearer \(token)", "Bearer \(token)"]))
                == .malformed(.severalCredentials))
        #expect(try refusal(Credentials(authorization: ["Bearer \(token) x"]))?.kind == .malformed)
        #expect(try refusal(Credentials(authorization: ["Bearer garbage"])) == .invalid(.malformed))
        #expect(
            try refusal(Credentials(authorization: ["Bearer " + String(repeating: "a", count: 1 << 20)]))
                == .invalid(.tooLong))
        #expect(
            try refusal(Credentials(authorization: ["Bearer \(token)"], userToken: ["Bearer x"]))
                == .invalid(.userToken))
    }

    @Test func secondUseComesFromTheCache() throws {
        let token = try #require(try json(post("grant_type=client_credentials&\(credentials)"))["access_token"]?.string)
        let cache = VerifiedTokenCache()
        let authenticator = try EmbeddedAuthenticator(server: server, cache: cache)
        let bearer = Credentials(authorization: ["Bearer \(token)"])
        let first = try authenticator.principal(bearer, owner: ObjectIdentifier(folder))
        #expect(cache.count == 1)
        #expect(try authenticator.principal(bearer, owner: ObjectIdentifier(folder)) == first)
        // What is refused is never remembered.
        _ = try? authenticator.principal(
            Credentials(authorization: ["Bearer \(token)A"]), owner: ObjectIdentifier(folder))
        #expect(cache.count == 1)
    }

    // MARK: Documents and files

    @Test func metadataNamesItsEndpoints() throws {
        let metadata = server.metadata(scopes: ["a"])
        #expect(metadata["issuer"]?.string == Self.url)
        #expect(metadata["token_endpoint"]?.string == "\(Self.url)/oauth2/token")
        #expect(metadata["jwks_uri"]?.string == "\(Self.url)/.well-known/jwks.json")
        #expect(metadata["grant_types_supported"] == ["client_credentials"])
        #expect(metadata["response_types_supported"] == ["none"])
        #expect(metadata["scopes_supported"] == ["a"])
        #expect(server.metadata(scopes: [])["scopes_supported"] == nil)
    }

    @Test func keySetHasNoPrivateMember() throws {
        let key = try #require(server.jwks["keys"]?[0]?.object)
        #expect(Set(key.keys) == ["kty", "use", "alg", "kid", "n", "e"])
    }

    @Test func filesSurviveTheNextStart() throws {
        let folder = try TemporaryFolder()
        let server = try Self.open(folder, at: Self.start)
        #expect(try folder.names("auth") == ["client.json", "signing-key.pem"])
        #expect(try folder.mode("auth") == 0o700)
        #expect(try folder.mode("auth/client.json") == 0o600)
        #expect(try folder.mode("auth/signing-key.pem") == 0o600)
        #expect(server.isNewClient)
        #expect(try folder.read("auth/signing-key.pem").hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let again = try Self.open(folder, at: Self.start, url: Self.url + "/")
        #expect(!again.isNewClient)
        #expect(again.clientID == server.clientID)
        #expect(again.clientSecret == server.clientSecret)
        #expect(again.jwks == server.jwks)
        #expect(again.issuer == Self.url)
    }

    @Test(arguments: [
        ("client.json", ""), ("client.json", "{"), ("client.json", "[]"), ("client.json", #"{"client_id":"a"}"#),
        ("client.json", #"{"client_id":"a","client_secret":"short"}"#),
        ("client.json", #"{"client_id":"","client_secret":"0123456789012345678901234567890"}"#),
        ("client.json", #"{"client_id":"ä","client_secret":"0123456789012345678901234567890"}"#),
        ("signing-key.pem", ""), ("signing-key.pem", "garbage"),
    ])
    func refusesDamagedFiles(name: String, content: String) throws {
        try folder.write(content, "auth/\(name)")
        let fault = #expect(throws: SecretFileFault.self) { try Self.open(folder, at: Self.start) }
        #expect(fault?.path == "\(folder.path)/auth/\(name)")
        #expect(fault?.description.contains("delete it") == true)
        // Never repaired silently: whoever has the old secret must hear of it.
        #expect(try folder.read("auth/\(name)") == content)
    }

    @Test(arguments: ["client.json", "signing-key.pem"])
    func refusesWiderModes(name: String) throws {
        try folder.setMode(0o644, "auth/\(name)")
        let fault = #expect(throws: SecretFileFault.self) { try Self.open(folder, at: Self.start) }
        #expect(fault?.kind == .openToOthers(mode: 0o644))
    }
}
