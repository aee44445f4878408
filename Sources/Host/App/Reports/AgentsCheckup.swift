// Asks the agents API how it is, and its authorization server for a token, as the host does while it serves.

import HostBase
import HostNetwork
import HostOutbound
import JSON
import NIOCore

/// What was found behind `NEXTJS_URL`.
struct AgentsCheckup {
    /// How much of an answer is read, in bytes.
    static let limit = 64 * 1024

    private(set) var checkup = Checkup()
    private let send: (WireRequest) throws -> WireReply

    /// Blocks while it asks. No tool is called.
    ///
    /// - Parameters:
    ///   - packs: The packs that are given this URL.
    ///   - send: Throws `WireFault`.
    init(
        _ settings: OutboundSettings, packs: [String] = [], send: @escaping (WireRequest) throws -> WireReply
    ) {
        self.send = send
        for warning in settings.warnings { checkup.add(.notice, "agents API", warning) }
        guard let base = settings.agentsURL, let health = OutboundURL(base + "/health") else {
            checkup.add(.good, "agents API", "NEXTJS_URL is not set: packs answer from stores of their own")
            return
        }
        checkHealth(health)
        if checkup.hasProblems, !packs.isEmpty {
            checkup.add(
                .notice, "agents API",
                "packs that are given its URL, and wait where they leave their work to it: "
                    + packs.joined(separator: ", "))
        }
        switch settings.credential {
        case .none: break
        case .apiKey:
            checkup.add(
                .open, "agents API key",
                "is sent as X-MCP-API-Key; whether it is taken, the first call shows: nothing is called here")
        case .token(let client): checkToken(client)
        }
    }

    private mutating func checkHealth(_ url: OutboundURL) {
        let request = WireRequest(
            method: "GET", url: url,
            fields: [("User-Agent", "toolhost/\(HostVersion.current)"), ("Accept", "*/*"), ContentCoding.asked],
            body: nil,
            limit: Self.limit)
        let step = "agents API"
        do {
            let status = try send(request).status
            let advice: String
            switch status {
            case 200...299: return checkup.add(.good, step, "\(url) answers \(status)")
            case 300...399: advice = "redirects of it are not followed: set NEXTJS_URL to where it leads"
            case 401, 403: advice = "it is asked without credentials, and has to answer everybody"
            case 404, 405, 410, 501:
                advice =
                    "is the path of NEXTJS_URL right? An API without /health counts as one that is down: give it one"
            default: advice = "the API itself says that it is not well; its own log knows why"
            }
            checkup.add(
                .bad, step, "\(url) answers \(status): \(advice). Until it answers 2xx, calls are answered 503")
        } catch {
            checkup.add(.bad, step, "\(url) \(Self.words(error))")
        }
    }

    private mutating func checkToken(_ client: OutboundSettings.Client) {
        let step = "agents API token"
        // A query may have a gateway's key in it.
        let place = "\(client.tokenEndpoint)".prefix { $0 != "?" }
        let reply: WireReply
        do {
            reply = try send(BackendCredentials.request(client))
        } catch {
            return checkup.add(.bad, step, "\(place) \(Self.words(error))")
        }
        switch BackendCredentials.token(in: reply, now: .now()) {
        case .success:
            checkup.add(.good, step, "\(place) grants one to \(ForeignText.quoted(client.id))")
        case .failure(let fault):
            let answer = try? JSONValue(parsing: Array(reply.body.readableBytesView))
            // RFC 6749 section 5.2: a code out of a short list.
            let code = answer?["error"]?.string.map { " (\(ForeignText.quoted($0)))" } ?? ""
            let advice =
                switch reply.status {
                case 400, 401, 403:
                    "compare AGENTS_OAUTH2_CLIENT_ID and AGENTS_OAUTH2_CLIENT_SECRET with what that server knows, and "
                        + "AGENTS_OAUTH2_SCOPE with what this client may ask for"
                default: "is AGENTS_OAUTH2_TOKEN_ENDPOINT the token endpoint, as the server's metadata name it?"
                }
            checkup.add(.bad, step, "\(place) gives none: \(fault.reason)\(code); \(advice)")
        }
    }

    /// What to do about a service that does not answer.
    static func words(_ error: any Error) -> String {
        switch error as? WireFault {
        case .neverSent(let reason) where reason.contains("CERTIFICATE_VERIFY_FAILED"):
            "has a certificate that is not trusted: name the authority that signed it in OUTBOUND_CA_FILE (\(reason))"
        case .neverSent(let reason):
            "cannot be reached: \(reason). Does it run, and does a firewall or OUTBOUND_PROXY stand in between?"
        case .shortage(let reason): "cannot be asked from here: \(reason)"
        case .brokenOff(let reason): "gives no whole answer in time: \(reason)"
        case .denied(let reason): "is not asked: \(reason); name the network there if it is one of yours"
        case .tooLarge, .crowded: "answers more than \(limit) bytes, which is no such answer"
        case .invalid(let reason): "cannot be asked: \(reason)"
        case .cancelled, nil: "gives no answer: \(WireFault.reason(of: error))"
        }
    }
}
