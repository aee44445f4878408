// Walks to one issuer as the host does at start: metadata, clocks, keys.

import HostAuth
import HostBase
import JSON
import NIOCore

/// What was found at one issuer.
struct IssuerCheckup {
    private(set) var checkup = Checkup()
    /// The keys that tokens are verified with; `nil` when they cannot be had.
    private(set) var keys: JSONWebKeySet?
    private let issuer: TrustedIssuer
    private let fetch: (String) throws -> FetchedDocument
    private let now: NumericDate

    /// Blocks while it fetches.
    init(_ issuer: TrustedIssuer, now: NumericDate, fetch: @escaping (String) throws -> FetchedDocument) {
        self.issuer = issuer
        self.fetch = fetch
        self.now = now
        checkup.add(
            .good, "issuer \(issuer.rules.issuer)",
            "preset \(issuer.preset.rawValue): " + String(decoding: issuer.rules.settings.bytes(), as: UTF8.self))
        let metadata = findMetadata()
        findKeys(issuer.rules.jwksURI ?? metadata?.jwksURI)
    }

    private mutating func findMetadata() -> ProviderMetadata? {
        for location in issuer.locations {
            do {
                let document = try fetch(location)
                compareClocks(document.date)
                let metadata = try ProviderMetadata(parsing: document.body, issuer: issuer.rules.issuer)
                checkup.add(.good, "metadata", "\(location) is about this issuer")
                for sentence in metadata.disagreements(with: issuer.endpoints) {
                    checkup.add(.notice, "metadata", sentence)
                }
                return metadata
            } catch {
                checkup.add(.notice, "metadata", "\(ForeignText.quoted(location)) is not used: \(error)")
            }
        }
        if issuer.rules.jwksURI == nil {
            checkup.add(
                .bad, "metadata",
                "none can be had, so nobody knows where the keys are: compare OAUTH2_ISSUER with what the provider "
                    + "publishes, or set OAUTH2_JWKS_URI")
        } else {
            checkup.add(.notice, "metadata", "none can be had; a document made of the configuration is served instead")
        }
        return nil
    }

    private mutating func compareClocks(_ date: String?) {
        guard !checkup.lines.contains(where: { $0.step == "clock" }) else { return }
        guard let date, let theirs = HTTPDate.seconds(date) else {
            return checkup.add(.open, "clock", "the issuer does not say what time it is")
        }
        let skew = Int(now - NumericDate(seconds: Double(theirs)))
        let leeway = Int(issuer.rules.leeway)
        let words =
            "this machine is \(abs(skew)) s \(skew < 0 ? "behind" : "ahead of") the issuer; \(leeway) s are allowed"
        checkup.add(
            abs(skew) > leeway ? .bad : .good, "clock",
            abs(skew) > leeway ? words + ": set the clock, for instance with chrony" : words)
    }

    private mutating func findKeys(_ url: String?) {
        guard let url else { return checkup.add(.open, "keys", "nobody says where they are") }
        let set: JSONWebKeySet
        do {
            set = try JSONWebKeySet(parsing: try fetch(url).body)
        } catch {
            return checkup.add(
                .bad, "keys",
                "\(ForeignText.quoted(url)) cannot be used: \(error); until it can, every call is answered 503")
        }
        for key in set.keys {
            let name = key.id.map(ForeignText.quoted) ?? "without kid"
            let allowed = issuer.rules.algorithms.filter { key.allows($0) }.map(\.name).joined(separator: ", ")
            checkup.add(
                allowed.isEmpty ? .notice : .good, "key \(name)",
                allowed.isEmpty
                    ? "is for none of the algorithms that are allowed for this issuer" : "verifies \(allowed)")
        }
        for skipped in set.skipped {
            checkup.add(
                .notice, "key \(skipped.keyID.map(ForeignText.quoted) ?? "without kid")",
                "is not used: \(skipped.reason)")
        }
        guard set.hasKey(for: issuer.rules.algorithms) else {
            return checkup.add(.bad, "keys", "\(ForeignText.quoted(url)) has none that can be used")
        }
        keys = set
    }
}
