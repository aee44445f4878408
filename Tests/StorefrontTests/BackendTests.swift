// Who does the work: what an operator's words come to, and that the other one is left alone.

import Foundation
import JSON
import Testing
import ToolSDK

@testable import Storefront

struct BackendTests {
    private func backend(
        _ choice: ShopConfiguration.Choice?, _ url: String?, in folder: TemporaryFolder, host: TestHost = TestHost()
    ) throws -> Backend<Carts> {
        let configuration = ShopConfiguration(storeDir: folder.path + "/var", backend: choice, agentsURL: url)
        return try Backend(configuration, host: host.link) { Carts($0) }
    }

    @Test(
        arguments: [
            (nil, nil, false), (nil, "http://agents.test", true), (.embedded, nil, false),
            (.embedded, "http://agents.test", false), (.agents, "http://agents.test", true),
        ] as [(ShopConfiguration.Choice?, String?, Bool)])
    func theChoice(choice: ShopConfiguration.Choice?, url: String?, isForwarded: Bool) throws {
        let folder = try TemporaryFolder()
        let host = TestHost()
        let backend = try backend(choice, url, in: folder, host: host)
        #expect((backend.shop == nil) == isForwarded)
        #expect(host.watched == (isForwarded ? ["http://agents.test/health"] : []))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/var/storefront.db") == !isForwarded)
    }

    @Test func agentsWithoutAURLAreAMistakeThatSaysTheWayOut() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: ToolError.self) { try backend(.agents, nil, in: folder) }
        #expect(error?.message.contains("NEXTJS_URL") == true)
    }

    @Test func aURLThatIsNoneStopsThePackAndIsNotRepeated() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: ToolError.self) { try backend(nil, "https://u:hunter2@agents.test", in: folder) }
        #expect(error?.message.contains("hunter2") == false)
        #expect(throws: Never.self) { try backend(.embedded, "https://u:hunter2@agents.test", in: folder) }
    }

    @Test func theConfigurationIsReadAsOperatorsWriteIt() throws {
        let plain = try ShopConfiguration.schema.decode(#"{"storeDir":"var"}"#)
        #expect(plain.backend == nil && plain.agentsURL == nil && plain.storeDir == "var")
        let set = try ShopConfiguration.schema.decode(
            #"{"storeDir":"var","backend":"embedded","agentsUrl":"http://agents.test"}"#)
        #expect(set.backend == .embedded && set.agentsURL == "http://agents.test")
        #expect(throws: ToolError.self) { try ShopConfiguration.schema.decode(#"{"storeDir":"var","backend":"both"}"#) }
        let published = ShopConfiguration.schema.jsonSchema(for: .configuration)
        #expect(published["properties"]?["agentsUrl"]?["x-env"] == "NEXTJS_URL")
        #expect(published["properties"]?["storeDir"]?["x-env"] == "STORE_DIR")
        #expect(published["properties"]?["storeDir"]?["x-path"] == "read-write")
    }
}

extension Schema {
    fileprivate func decode(_ text: String) throws -> Value { try decode(Array(text.utf8)) }
}
