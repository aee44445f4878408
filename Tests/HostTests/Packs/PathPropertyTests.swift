// x-path of a pack's config schema: what opens because of it, and what no operator and no pack can have opened.

import Foundation
import HostBase
import HostCalls
import HostSandbox
import JSON
import Testing

@testable import HostEngines
@testable import HostPacks

@Suite struct PathPropertyTests {
    /// `/srv` of a host: a state folder, plugins, a file of settings and files of its user's.
    private final class Machine {
        let root: String

        init() throws {
            let path = FileManager.default.temporaryDirectory.path + "/paths-\(UInt64.random(in: 0 ... .max))"
            for folder in ["var/auth", "var/packs", "var/data/other", "var/data/units", "plugins.d", "etc", "files"] {
                try FileManager.default.createDirectory(
                    atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
            }
            root = try CanonicalPath(path).text
            for file in ["etc/settings", "files/list", "var/auth/key", "etc/authority"] {
                try Data().write(to: URL(fileURLWithPath: "\(root)/\(file)"))
            }
            for (link, target) in [
                "to-auth": "var/auth", "to-files": "files", "files/up": "..", "to-nothing": "files/new",
                "circle": "circle", "current": "files", "var/elsewhere": "../files",
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(root)/\(link)", withDestinationPath: target)
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func resolve(_ schema: JSONObject, _ config: JSONValue?, link: String? = nil) throws
            -> PackConfiguration.Resolved
        {
            var policy = PackPolicy()
            policy.config["place"] = config
            let places = HostPlaces(
                stateDirectory: root + "/var", workingDirectory: root,
                own: ["\(root)/plugins.d", "\(root)/etc/settings"] + (link.map { ["\(root)/\($0)"] } ?? []),
                shared: ["\(root)/etc/authority"])
            return try PackConfiguration(
                environment: { _ in nil }, places: places,
                folder: PackDataFolder(of: "units.so", in: root + "/var"), isConfined: true
            ).resolve(schema: ["type": "object", "properties": ["place": .object(schema)]], policy: policy)
        }
    }

    private static let reads: JSONObject = ["type": "string", "x-path": "read"]
    private static let writes: JSONObject = ["type": "string", "x-path": "read-write"]

    @Test(
        "A path becomes absolute and loses its links",
        arguments: [
            ("files", "files"), ("./files/../files/", "files"), ("to-files/list", "files/list"),
            ("files/up/files", "files"), ("to-nothing", "files/new"), ("files/a/b", "files/a/b"),
            ("files/a/../b", "files/b"), ("var/storefront", "var/storefront"), ("var/elsewhere", "files"),
            ("var/data/units/x", "var/data/units/x"),
        ])
    func aPathIsMadeCanonical(_ given: String, _ place: String) throws {
        let machine = try Machine()
        for text in [given, "\(machine.root)/\(given)"] {
            let resolved = try machine.resolve(Self.writes, .string(text))
            #expect(resolved.config["place"]?.string == "\(machine.root)/\(place)")
            #expect(resolved.paths == [OpenPath(path: "\(machine.root)/\(place)", access: .readWrite)])
        }
    }

    @Test(
        "What is, holds or lies in the host's own is refused, and the key is named",
        arguments: [
            "var", "var/auth", "var/auth/key", "var/packs/x", "var/hosts", "var/starts/new", "var/data",
            "var/data/other",
            "var/data/other/x", "plugins.d", "plugins.d/x", "etc", "etc/settings", ".", "..", "/", "to-auth",
            "to-auth/key",
            "files/up/var", "files/../var/auth", "var/data/units/../other", "var/new/../packs", "/proc", "/proc/self",
            "/proc/self/root/proc", "circle", "etc/settings/x", "",
        ], [false, true])
    func whatIsTheHostsIsRefused(_ given: String, isToWrite: Bool) throws {
        let machine = try Machine()
        let schema = isToWrite ? Self.writes : Self.reads
        let fault = #expect(throws: PolicyFault.self) { _ = try machine.resolve(schema, .string(given)) }
        #expect(fault?.key == "config.place")
    }

    @Test func aFolderWithALinkOnTheWayIsRefused() throws {
        let machine = try Machine()
        let link = "\(machine.root)/files/way"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../etc/settings")
        let fault = #expect(throws: PolicyFault.self) {
            _ = try machine.resolve(Self.writes, "files", link: "files/way")
        }
        #expect(fault?.problem.contains("a link on the way") == true)
    }

    @Test func authoritiesMayBeReadAndNotChanged() throws {
        let machine = try Machine()
        #expect(try machine.resolve(Self.reads, "etc/authority").paths.count == 1)
        #expect(throws: PolicyFault.self) { _ = try machine.resolve(Self.writes, "etc/authority") }
    }

    @Test func aDefaultLiesInTheStateFolderAndIsMade() throws {
        let machine = try Machine()
        var schema = Self.writes
        schema["default"] = "storefront"
        let resolved = try machine.resolve(schema, nil)
        let place = "\(machine.root)/var/storefront"
        #expect(resolved.config["place"]?.string == place)
        #expect(!FileManager.default.fileExists(atPath: place))
        try resolved.makeFolders()
        let made = try FileManager.default.attributesOfItem(atPath: place)
        #expect(made[.posixPermissions] as? Int == 0o700 && made[.type] as? FileAttributeType == .typeDirectory)
        for name in StateFolder.names {
            schema["default"] = .string(name)
            #expect(throws: PolicyFault.self, "\(name)") { _ = try machine.resolve(schema, nil) }
        }
    }

    @Test func missingFoldersAreMadeToWriteAndToldOfToRead() throws {
        let machine = try Machine()
        let resolved = try machine.resolve(Self.writes, "files/a/b")
        try resolved.makeFolders()
        for folder in ["files/a", "files/a/b"] {
            let made = try FileManager.default.attributesOfItem(atPath: "\(machine.root)/\(folder)")
            #expect(made[.posixPermissions] as? Int == 0o700)
        }
        let read = try machine.resolve(Self.reads, "files/none")
        #expect(read.paths == [] && read.remarks == [.absent(key: "config.place", path: "\(machine.root)/files/none")])
        #expect(read.config["place"]?.string == "\(machine.root)/files/none")
        let below = try machine.resolve(Self.writes, "files/c")
        try FileManager.default.createSymbolicLink(
            atPath: "\(machine.root)/files/c", withDestinationPath: "../var/auth")
        #expect(throws: PolicyFault.self) { try below.makeFolders() }
    }

    @Test func aListOpensAllOfIt() throws {
        let machine = try Machine()
        let schema: JSONObject = ["type": "array", "items": ["type": "string"], "x-path": "read"]
        let resolved = try machine.resolve(schema, ["files", "files/list", "files/none"])
        #expect(resolved.paths.map(\.path) == ["files", "files/list"].map { "\(machine.root)/\($0)" })
        #expect(resolved.config["place"]?.array?.count == 3)
        #expect(throws: PolicyFault.self) { _ = try machine.resolve(schema, ["files", "var/auth"]) }
    }

    @Test(
        "A schema that says what no path can be is refused",
        arguments: [
            (#"{"type":"string","x-path":"write"}"#, #"neither "read" nor "read-write""#),
            (#"{"type":"string","x-path":true}"#, #"neither "read" nor "read-write""#),
            (#"{"type":"integer","x-path":"read"}"#, "only for a string"),
            (#"{"x-path":"read"}"#, "only for a string"),
            (#"{"type":"array","items":{"type":"integer"},"x-path":"read"}"#, "only for a string"),
            (#"{"type":"string","x-path":"read","default":"/etc"}"#, "one name in the state folder"),
            (#"{"type":"string","x-path":"read","default":"a/b"}"#, "one name in the state folder"),
            (#"{"type":"string","x-path":"read","default":".."}"#, "one name in the state folder"),
            (#"{"type":"string","x-path":"read","default":7}"#, "one name in the state folder"),
            (
                #"{"type":"array","items":{"type":"string"},"x-path":"read","default":["a","/b"]}"#,
                "one name in the state"
            ),
        ])
    func aSchemaThatSaysWhatNoPathCanBeIsRefused(_ property: String, _ words: String) throws {
        let schema: JSONValue = ["type": "object", "properties": ["place": try JSONValue(parsing: property)]]
        do {
            _ = try PathProperty.all(of: schema)
            Issue.record("it was taken")
        } catch {
            #expect(error.reason.contains(words) && error.reason.contains("/properties/place"))
        }
    }

    @Test(
        "An x-path that would open nothing where it stands is refused",
        arguments: [
            (
                #"{"properties":{"a":{"type":"object","properties":{"b/c":{"type":"string","x-path":"read"}}}}}"#,
                "/properties/a/properties/b~1c"
            ),
            (
                #"{"properties":{"a":{"type":"array","items":{"type":"string","x-path":"read"}}}}"#,
                "/properties/a/items"
            ),
            (
                ##"{"properties":{"a":{"$ref":"#/$defs/p"}},"$defs":{"p":{"type":"string","x-path":"read"}}}"##,
                "/$defs/p"
            ),
            (#"{"allOf":[{"properties":{"a":{"type":"string","x-path":"read"}}}]}"#, "/allOf/0/properties/a"),
            (#"{"additionalProperties":{"type":"string","x-path":"read"}}"#, "/additionalProperties"),
            (#"{"x-path":"read"}"#, "its top"),
        ])
    func anXPathThatOpensNothingIsRefused(_ text: String, _ place: String) throws {
        let schema = try JSONValue(parsing: text)
        let fault = #expect(throws: PackText.Fault.self) { _ = try PathProperty.all(of: schema) }
        #expect(fault?.reason.hasPrefix("at \(place): x-path is only for the properties of") == true, "\(fault as Any)")
    }

    /// Names and values are no keywords.
    @Test(arguments: [
        #"{"properties":{"x-path":{"type":"string"}}}"#,
        #"{"properties":{"a":{"properties":{"x-path":{"type":"string"}}}}}"#,
        #"{"properties":{"a":{"const":{"x-path":"read"},"default":{"x-path":1},"examples":[{"x-path":1}]}}}"#, "true",
    ])
    func whatIsOnlyCalledSoIsLeft(_ text: String) throws {
        #expect(try PathProperty.all(of: JSONValue(parsing: text)).isEmpty)
    }

    @Test func aPackIsRefusedForIt() throws {
        let schema = #"{"type":"object","properties":{"place":{"type":"string","x-path":"write"}}}"#
        let identity = PackIdentity(
            id: "units", version: "1.0.0", description: "", abi: "1.0", configSchema: schema, toolCount: 0)
        do {
            _ = try DescribedPack(
                PackDescription(identity: identity, tools: []), file: PackFile(name: "units.so", copyPath: ""),
                policy: PackPolicy(), reader: DescriptorReader())
            Issue.record("it was taken")
        } catch {
            #expect(error.reason.contains("its config_schema at /properties/place: x-path is neither"))
        }
    }
}
