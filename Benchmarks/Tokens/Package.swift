// swift-tools-version: 6.2
// What a token costs, measured on the host's own sources: a package of its own, because the host keeps them internal.

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "token-benchmark",
    dependencies: [.package(url: "https://github.com/apple/swift-nio", from: "2.101.2")],
    targets: [
        .target(name: "JSONSchema", path: "JSONSchema", swiftSettings: strict),
        .target(name: "ToolABI", path: "ToolABI"),
        .systemLibrary(name: "COpenSSL", path: "COpenSSL", pkgConfig: "libcrypto"),
        // The part of the host that lies between the header fields and the caller's identity.
        .target(
            name: "ToolHost",
            dependencies: ["JSONSchema", "COpenSSL", "ToolABI", .product(name: "NIOCore", package: "swift-nio")],
            path: "Host",
            sources: [
                "Auth/Tokens", "Auth/Keys", "Base/Bytes", "Base/Clocks/NumericDate.swift",
                "Base/Clocks/TimeSource.swift", "Base/Crypto/Digest.swift", "Base/Crypto/ECDSASignature.swift",
                "Base/Crypto/KeyParameters.swift", "Base/Crypto/PublicKey.swift",
                "Base/Crypto/ReusableSHA256.swift", "Base/Crypto/SignatureAlgorithm.swift",
                "Base/Text/ForeignText.swift", "Base/Text/SingleField.swift",
                "Base/Text/Text.swift",
                "Auth/Issuers/IssuerConfiguration.swift", "Auth/Issuers/IssuerPreset.swift",
                "Auth/AuthenticationFailure.swift", "Auth/Authenticator.swift", "Auth/Challenge.swift",
                "Auth/JWTAuthenticator.swift", "Auth/RefusalReason.swift", "Caller/BlockLayout.swift",
                "Caller/CallerPart.swift", "Caller/Principal.swift",
            ],
            swiftSettings: strict + [.unsafeFlags(["-enable-testing"])]),
        .executableTarget(
            name: "TokenBenchmark",
            dependencies: [
                "ToolHost", "JSONSchema", "COpenSSL", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: strict),
    ]
)
