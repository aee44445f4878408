// swift-tools-version: 6.2
// A release build is the pack: one shared object that carries its own Swift runtime and exports one function. A debug
// build is for tests and has none of that.

import PackageDescription

let package = Package(
    name: "units",
    products: [
        .library(name: "units", type: .dynamic, targets: ["Units"])
    ],
    dependencies: [
        .package(url: "TOOLHOST_URL", revision: "TOOLHOST_COMMIT")
    ],
    targets: [
        .target(
            name: "Units",
            dependencies: [.product(name: "ToolSDK", package: "toolhost")],
            swiftSettings: [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))],
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-static-stdlib",
                        "-Xlinker", "--version-script=\(Context.packageDirectory)/exports.map",
                        "-Xlinker", "--gc-sections",
                    ], .when(configuration: .release))
            ]
        ),
        .testTarget(name: "UnitsTests", dependencies: ["Units"]),
    ]
)
