// Libraries that make tools, clients or models of an OpenAPI document, against a real host: what they import, they can
// call.

import Testing

/// Part of `make test-long`, which installs them: some hundreds of megabytes.
@Suite("OpenAPI importers", .serialized, .host(PackSource.shop), .enabled(if: Setup.importers != nil))
struct OpenAPIImporterTests {
    @Test(arguments: [
        "openapi-python-client", "datamodel-code-generator", "fastmcp", "langchain-community", "openapi-llm",
    ])
    func importer(_ name: String) throws {
        try imports(name, python: try #require(Setup.importers))
    }

    /// Their dependencies do not live beside those of the others.
    @Test(arguments: ["google-adk", "llama-index-tools-openapi", "semantic-kernel", "openapi-core"])
    func anotherImporter(_ name: String) throws {
        try imports(name, python: try #require(Setup.earlierImporters))
    }

    private func imports(_ name: String, python: String) throws {
        let host = try RunningHost.current
        let report = try run(
            python,
            [
                Setup.root + "/Tests/Fixtures/openapi_importers.py", "http://127.0.0.1:\(host.port)", host.token(),
                name,
            ], within: .seconds(300))
        #expect(report.succeeded, "\(report.output) \(report.errors)")
        #expect(report.output.contains("OpenAPI 3.1, called") && report.output.contains("OpenAPI 3.0, called"))
    }
}
