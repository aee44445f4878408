// swift-tools-version: 6.2
// What is built: the host, the SDK for packs, and the four packs that ship with it.

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// What links goes with its own Swift runtime, so that nothing is looked for and bound by name at each start, and with
/// relative relocations in their packed form, which are read at each start, too.
let ownRuntime: [String] = [
    "-static-stdlib", "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=safe",
    "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
]

/// A tool pack is one shared object that carries its own Swift runtime and exports one symbol. What it sees of
/// JSONSchema comes through ToolSDK, whose own module may stay the same when JSONSchema changes: so both are named.
///
/// Its linker, which optimizes in a release build, takes no function from one module into another. It gains nothing by
/// it, and constants that become known beyond their module may have an `@` in their names, which in a shared object is
/// taken for the version of a symbol.
func pack(_ name: String) -> Target {
    .target(
        name: name,
        dependencies: ["ToolSDK", "JSON", "JSONSchema", "Storefront", "ToolABI"],
        path: "Plugins/\(name)",
        swiftSettings: strict + [.unsafeFlags(["-static-stdlib"])],
        linkerSettings: [
            .unsafeFlags(
                ownRuntime + [
                    "-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/exports.map",
                    "-Xlinker", "-mllvm=-import-instr-limit=0",
                ])
        ]
    )
}

let packs = ["Catalog", "Cart", "Checkout", "Deals"]

let package = Package(
    name: "toolhost",
    products: [
        .executable(name: "toolhost", targets: ["toolhost"]),
        .library(name: "ToolSDK", targets: ["ToolSDK"]),
        .library(name: "ToolABI", targets: ["ToolABI"]),
    ] + packs.map { .library(name: $0, type: .dynamic, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .target(name: "ToolABI"),
        .target(name: "CrashNote", dependencies: ["ToolABI"]),
        .target(name: "ProgramPages"),
        .target(name: "SignalPipe", dependencies: ["CrashNote", "ToolABI"]),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "JSONSchema", dependencies: ["JSON"], swiftSettings: strict),
        .target(name: "ToolSDK", dependencies: ["ToolABI", "JSON", "JSONSchema"], swiftSettings: strict),
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CGlibc"),
        .systemLibrary(
            name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(
            name: "CZLIB", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "ToolHost",
            dependencies: [
                "ToolABI", "JSON", "JSONSchema", "CGlibc", "COpenSSL", "CrashNote", "CYAML", "CZLIB", "ProgramPages",
                "SignalPipe",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Sources/Host",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "toolhost",
            dependencies: [
                "ToolHost",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict,
            // The libraries are named because only modules that are compiled for it say what they need of a static
            // runtime. Packs need none of the host's symbols.
            linkerSettings: [
                .unsafeFlags(
                    ownRuntime + [
                        "-l_FoundationCShims", "-l_FoundationCollections", "-Xlinker", "--no-export-dynamic",
                        // But these: a pack that ends the process ends it as a failure of its own (CrashNote).
                        "-Xlinker", "--export-dynamic-symbol=_exit", "-Xlinker", "--export-dynamic-symbol=_Exit",
                    ])
            ]
        ),
        .target(
            name: "Storefront", dependencies: ["CSQLite", "JSON", "JSONSchema", "StorefrontData", "ToolSDK"],
            exclude: ["Data"],
            swiftSettings: strict),
        .target(
            name: "StorefrontData", path: "Sources/Storefront/Data", exclude: ["products.jsonl", "deals.jsonl"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
        .testTarget(name: "JSONSchemaTests", dependencies: ["JSON", "JSONSchema"], swiftSettings: strict),
        .testTarget(name: "ToolSDKTests", dependencies: ["JSON", "ToolSDK", "ToolABI"], swiftSettings: strict),
        .testTarget(name: "StorefrontTests", dependencies: ["JSON", "Storefront", "ToolSDK"], swiftSettings: strict),
        .testTarget(
            name: "HostTests",
            dependencies: [
                "ToolABI", "ToolHost", "JSON", "JSONSchema", "COpenSSL",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["Discovery/Golden"],
            swiftSettings: strict),
        .testTarget(name: "EndToEndTests", dependencies: ["JSON", "JSONSchema"], swiftSettings: strict),
    ] + packs.map(pack)
)
