// What documents say of a deployment, as its operator words it.

/// Names, texts and addresses for documents.
struct ServiceSettings: Sendable {
    /// For people.
    var title: String
    /// For models: letters, digits and underscores.
    var name: String
    var description: String
    var contactEmail: String
    /// `nil`: the host's own page.
    var legalURL: String?
}
