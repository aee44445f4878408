// The actions manifest, `ai-plugin.json`: a retired format whose shape importers still know.

import HostTools
import JSON

/// The manifest of a deployment, within the format's limits (version `v1`). Lengths are in Unicode code points.
public struct ActionsManifest: Sendable {
    public static let modelNameLimit = 50
    public static let titleLimit = 20
    static let descriptionForModelLimit = 8_000
    public static let summaryLimit = 100

    let value: JSONValue

    var bytes: [UInt8] { value.bytes() }

    /// Describes `tools` in their order. The deployment's texts are used as they are: the configuration holds
    /// them to the limits.
    init(tools: [ToolDescriptor], deployment: Deployment) {
        value = [
            "schema_version": "v1",
            "name_for_human": .string(deployment.title),
            "name_for_model": .string(deployment.modelName),
            "description_for_human": .string(deployment.summary),
            "description_for_model": .string(Self.descriptionForModel(tools: tools, deployment: deployment)),
            "auth": Self.auth(deployment, scopes: deployment.scopes(for: tools)),
            "api": ["type": "openapi", "url": .string(deployment.publicURL + "/.well-known/openapi.json")],
            "logo_url": .string(Logo.url(deployment)),
            "contact_email": .string(deployment.contactEmail),
            "legal_info_url": .string(LegalPage.url(deployment)),
        ]
    }

    /// The deployment's description, then each tool: with all that a model is told of it where that fits for all of
    /// them, else all by their summaries. If even those are too long, the last tools are left out whole and counted, so
    /// that no sentence is cut.
    static func descriptionForModel(tools: [ToolDescriptor], deployment: Deployment) -> String {
        func text(_ tools: [String]) -> String {
            // Texts with paragraphs of their own are told apart by blank lines, too.
            let separator = tools.contains { $0.contains(where: \.isNewline) } ? "\n\n" : "\n"
            return tools.isEmpty
                ? deployment.description : deployment.description + "\n\n" + tools.joined(separator: separator)
        }
        func fits(_ text: String) -> Bool { text.unicodeScalars.count <= descriptionForModelLimit }

        let full = text(tools.map { "\($0.name): \(ModelText($0).whole)" })
        if fits(full) { return full }
        let brief = tools.map { "\($0.name): \($0.summary)" }
        if fits(text(brief)) { return text(brief) }

        let reserve = "\n\nFurther tools, described in the OpenAPI document: \(tools.count)".unicodeScalars.count
        var room = descriptionForModelLimit - deployment.description.unicodeScalars.count - 2 - reserve
        var kept: [String] = []
        for line in brief {
            room -= line.unicodeScalars.count + 2
            if room < 0 { break }
            kept.append(line)
        }
        let complete = text(kept + ["Further tools, described in the OpenAPI document: \(tools.count - kept.count)"])
        return fits(complete) ? complete : deployment.description
    }

    /// How a caller authenticates, in the words that the format has.
    ///
    /// `oauth` means the authorization code grant: its `client_url` is a page that a user is sent to, and its
    /// `authorization_url` is, in spite of the name, the token endpoint. So it is stated where the authorization server
    /// has such a page. Where a client can only authenticate for itself there is nowhere to send a user, and
    /// `service_http` is the true word: one bearer credential for the service as a whole. The OpenAPI document names
    /// the token endpoint in both cases. Token endpoints take forms (RFC 6749 section 4.4.2), never JSON.
    ///
    /// For a key in a field of its own the format had no word; the editor of GPTs, which came after it, writes `custom`
    /// and the field's name.
    private static func auth(_ deployment: Deployment, scopes: [String]) -> JSONValue {
        let bearer: JSONValue = [
            "type": "service_http", "authorization_type": "bearer", "verification_tokens": [:],
        ]
        switch deployment.security.first {
        case nil:
            return ["type": "none"]
        case .clientCredentials(let tokenURL, let authorizationURL?):
            return [
                "type": "oauth",
                "client_url": .string(authorizationURL),
                "authorization_url": .string(tokenURL),
                "scope": .string(deployment.tokenScope ?? scopes.joined(separator: " ")),
                "authorization_content_type": "application/x-www-form-urlencoded",
                "verification_tokens": [:],
            ]
        case .clientCredentials, .bearer:
            return bearer
        case .apiKey(let header):
            return [
                "type": "service_http", "authorization_type": "custom", "custom_auth_header": .string(header),
                "verification_tokens": [:],
            ]
        }
    }
}
