// swift-tools-version: 6.2
// What reading and checking a JSON body costs, measured on the host's own parser beside Foundation's: a package of its
// own, because nothing that is shipped depends on Foundation for JSON.

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "json-benchmark",
    targets: [
        .target(name: "JSONSchema", path: "JSONSchema", swiftSettings: strict),
        .executableTarget(name: "JSONBenchmark", dependencies: ["JSONSchema"], swiftSettings: strict),
    ]
)
