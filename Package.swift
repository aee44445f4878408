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
        exclude: ["\(name.lowercased()).yaml"],
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

/// Libraries from elsewhere, with the package that each comes from.
let libraries = [
    "ArgumentParser": "swift-argument-parser", "AsyncHTTPClient": "async-http-client",
    "DequeModule": "swift-collections", "Logging": "swift-log", "NIOConcurrencyHelpers": "swift-nio",
    "NIOCore": "swift-nio", "NIOEmbedded": "swift-nio", "NIOHTTP1": "swift-nio", "NIOPosix": "swift-nio",
    "NIOSSL": "swift-nio-ssl",
]

func library(_ name: String) -> Target.Dependency { .product(name: name, package: libraries[name] ?? name) }

/// In a release build rooms are compiled as if none of them had a border: functions of one are taken into others. The
/// compiler does that with what is `public` alone, of `package` not even with what is inlinable; a call would take a
/// tenth more instructions. No product is made of rooms, so that what they show is seen in this package only.
let acrossBorders: [SwiftSetting] = [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

/// A room of the host: a folder of `Sources/Host` and a module. The compiler keeps its border: it sees of other rooms
/// what they show, and only of those that it is built on.
///
/// - Parameters:
///   - rooms: that it is built on; none that comes later.
///   - modules: of this package besides.
///   - names: of libraries from elsewhere.
func room(_ name: String, on rooms: [String] = [], and modules: [String] = [], _ names: [String] = []) -> Target {
    .target(
        name: "Host\(name)",
        dependencies: rooms.map { .target(name: "Host\($0)") } + modules.map { .target(name: $0) } + names.map(library),
        path: "Sources/Host/\(name)", swiftSettings: strict + acrossBorders)
}

/// From below to above.
let rooms = [
    room(
        "Base", and: ["CGlibc", "COpenSSL", "CYAML", "CrashNote", "JSON", "SignalPipe", "ToolABI"],
        ["DequeModule", "Logging", "NIOCore"]),
    room("Network", on: ["Base"], ["AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL"]),
    room("Sandbox", on: ["Base"], and: ["CGlibc", "Confinement", "JSON"]),
    room("Lanes", on: ["Base"], and: ["CGlibc"], ["DequeModule", "NIOConcurrencyHelpers"]),
    room("Tools", and: ["JSON", "JSONSchema"]),
    room("Caller", on: ["Base"], and: ["ToolABI"]),
    room("Observation", on: ["Base"], ["Logging", "NIOCore"]),
    room(
        "Auth", on: ["Base", "Network", "Caller"],
        and: ["JSON"], ["AsyncHTTPClient", "Logging", "NIOCore", "NIOHTTP1", "NIOSSL"]),
    room("Door", on: ["Base", "Caller", "Observation", "Auth"], ["NIOCore"]),
    room(
        "Calls", on: ["Base", "Sandbox", "Tools", "Caller", "Observation"],
        and: ["CGlibc", "CrashNote", "JSON", "JSONSchema", "ToolABI"],
        ["DequeModule", "Logging", "NIOConcurrencyHelpers", "NIOCore"]),
    room(
        "Outbound", on: ["Base", "Network", "Tools"],
        and: ["JSON", "ToolABI"], ["AsyncHTTPClient", "Logging", "NIOCore", "NIOHTTP1", "NIOSSL"]),
    room(
        "HTTP", on: ["Base", "Network", "Observation", "Calls"],
        and: ["CGlibc", "JSON", "JSONSchema", "SignalPipe"], ["Logging", "NIOCore", "NIOHTTP1", "NIOPosix"]),
    room(
        "Documents", on: ["Base", "Tools", "Caller", "Auth", "Door", "Calls", "HTTP"],
        and: ["CZLIB", "JSON", "JSONSchema"], ["NIOConcurrencyHelpers", "NIOHTTP1"]),
    room("Clients", on: ["Base", "Tools", "Documents"], and: ["JSON", "JSONSchema"], ["Logging"]),
    room(
        "Engines", on: ["Base", "Network", "Sandbox", "Lanes", "Tools", "Caller", "Calls", "Outbound"],
        and: ["CGlibc", "CrashNote", "JSON", "ToolABI"],
        ["DequeModule", "Logging", "NIOConcurrencyHelpers", "NIOCore", "NIOPosix"]),
    room(
        "Packs", on: ["Base", "Network", "Sandbox", "Tools", "Calls", "Outbound", "Engines"],
        and: ["CGlibc", "CrashNote", "JSON", "JSONSchema", "ToolABI"], ["Logging", "NIOCore"]),
    room("Control", on: ["Base", "Sandbox", "Calls"], and: ["CGlibc", "JSON"], ["Logging", "NIOCore"]),
    room(
        "Runner",
        on: ["Base", "Network", "Sandbox", "Lanes", "Tools", "Caller", "Calls", "Outbound", "Engines", "Packs"],
        and: ["CGlibc", "JSON", "ToolABI"], ["DequeModule", "NIOConcurrencyHelpers"]),
    room(
        "MCP", on: ["Base", "Tools", "Caller", "Observation", "Auth", "Door", "Calls", "HTTP", "Documents"],
        and: ["JSON", "JSONSchema"], ["NIOCore", "NIOHTTP1"]),
    room(
        "Service",
        on: ["Base", "Network", "Tools", "Caller", "Observation", "Auth", "Door", "Calls", "HTTP", "Documents", "MCP"],
        and: ["JSON"], ["Logging", "NIOConcurrencyHelpers", "NIOCore", "NIOHTTP1"]),
    room(
        "App",
        on: [
            "Base", "Network", "Sandbox", "Lanes", "Tools", "Caller", "Auth", "Door", "Calls", "Outbound", "HTTP",
            "Documents", "Clients", "Engines", "Packs", "Control", "Runner", "MCP", "Service",
        ],
        and: ["CGlibc", "CrashNote", "JSON", "ProgramPages", "ToolABI"], ["Logging", "NIOCore", "NIOPosix", "NIOSSL"]),
]

/// What is built by itself, with TOOLHOST_WORKSHOP in the environment: benchmarks, what libFuzzer lets loose on the
/// parser of tokens and on the memory that the host shares with packs' processes, and what ThreadSanitizer looks at. It
/// looks behind the border of rooms (@testable).
let workshop: [Target] =
    Context.environment["TOOLHOST_WORKSHOP"] == nil
    ? []
    : [
        .executableTarget(
            name: "TokenBenchmark",
            dependencies: ["COpenSSL", "HostAuth", "HostBase", "HostCaller", "JSON"]
                + ["NIOCore", "NIOEmbedded"].map(library),
            path: "Benchmarks/Tokens", swiftSettings: strict),
        .executableTarget(
            name: "JSONBenchmark", dependencies: ["JSON", "JSONSchema"], path: "Benchmarks/JSON", swiftSettings: strict),
        .target(
            name: "TokenFuzzer", dependencies: ["HostAuth", "HostBase", "HostCaller", "JSON"],
            path: "Tests/Fuzz/Tokens", exclude: ["corpus", "tokens.dict"], swiftSettings: strict),
        .target(
            name: "LaneFuzzer",
            dependencies: [
                "HostBase", "HostCaller", "HostCalls", "HostEngines", "HostLanes", "HostOutbound", "HostSandbox",
                "HostTools",
                "JSON", "JSONSchema", "ToolABI",
            ] + ["Logging", "NIOCore", "NIOEmbedded"].map(library),
            path: "Tests/Fuzz/Lanes", exclude: ["corpus"], swiftSettings: strict),
        .executableTarget(
            name: "LaneRaces", dependencies: ["CGlibc", "HostBase", "HostLanes", library("NIOConcurrencyHelpers")],
            path: "Tests/Races", swiftSettings: strict),
    ]

let packs = ["Catalog", "Cart", "Checkout", "Deals"]

let package = Package(
    name: "toolhost",
    products: [
        .executable(name: "toolhost", targets: ["toolhost"]),
        .library(name: "ToolSDK", targets: ["ToolSDK"]),
        .library(name: "ToolABI", targets: ["ToolABI"]),
    ] + packs.map { .library(name: $0, type: .dynamic, targets: [$0]) }
        + (workshop.isEmpty
            ? [] : ["TokenFuzzer", "LaneFuzzer"].map { .library(name: $0, type: .static, targets: [$0]) }),
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
        .target(name: "Confinement", linkerSettings: [.linkedLibrary("seccomp")]),
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
        .executableTarget(
            name: "toolhost",
            dependencies: [
                "HostApp", "HostBase", "HostControl", "HostLanes", "HostPacks", "HostRunner", library("ArgumentParser"),
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
        .testTarget(
            name: "ToolSDKTests", dependencies: ["JSON", "JSONSchema", "ToolSDK", "ToolABI"], swiftSettings: strict),
        .testTarget(
            name: "StorefrontTests", dependencies: ["JSON", "JSONSchema", "Storefront", "ToolSDK"],
            swiftSettings: strict),
        .testTarget(
            name: "HostTests",
            dependencies: rooms.map { .target(name: $0.name) } + [
                "ToolABI", "JSON", "JSONSchema", "CGlibc", "COpenSSL",
            ]
                + ["Logging", "NIOCore", "NIOEmbedded", "NIOHTTP1", "NIOPosix"].map(library),
            exclude: ["Documents/Golden"],
            swiftSettings: strict),
        .testTarget(name: "EndToEndTests", dependencies: ["JSON", "JSONSchema"], swiftSettings: strict),
    ] + rooms + packs.map(pack) + workshop
)
