// The page behind `legal_info_url`, so that the manifest never points at nothing.

/// The terms of a deployment, as text.
enum LegalPage {
    static let path = "/legal"

    static func url(_ deployment: Deployment) -> String {
        deployment.legalURL ?? deployment.publicURL + path
    }

    /// The operator's text; where there is none, the page says so rather than making up terms.
    static func text(_ deployment: Deployment) -> String {
        let text = deployment.legalText ?? "The operator of this service has published no terms of use."
        return """
            \(deployment.title)

            \(text)

            Contact: \(deployment.contactEmail)

            """
    }
}
