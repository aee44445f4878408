// Sizes as operators write them.

import Testing

@testable import HostBase

@Suite struct ByteCountTests {
    @Test(arguments: [
        ("0", 0), ("268435456", 268_435_456), ("512MiB", 512 << 20), ("1GiB", 1 << 30), ("4KiB", 4096),
        ("2TiB", 2 << 40), ("1kB", 1000), ("500MB", 500_000_000), ("3GB", 3_000_000_000), ("1TB", 1_000_000_000_000),
    ])
    func areRead(text: String, bytes: Int) {
        #expect(ByteCount(parsing: text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "none", "-1", "+1", "1.5GiB", "1 GiB", "1gib", "1G", "1B", "MiB", "1MiBs", "٣MiB", "99999999999999999999",
        "9000000TiB",
    ])
    func nothingElseIs(text: String) {
        #expect(ByteCount(parsing: text) == nil)
    }

    @Test(
        arguments: [
            ("64M", "64MiB"), ("64m", "64MiB"), ("64Mi", "64MiB"), ("64mib", "64MiB"), ("2 GiB", "2GiB"),
            ("1G", "1GiB"),
            ("64mb", "64MB"), ("64KB", "64kB"), ("8k", "8KiB"), ("1t", "1TiB"), ("64MiB", nil), ("64", nil), ("M", nil),
            ("64X", nil), ("64MBit", nil), ("1.5G", nil), ("", nil), ("9000000000T", nil),
        ] as [(String, String?)])
    func whatWasMeant(text: String, guess: String?) {
        #expect(ByteCount.guess(text) == guess)
    }

    @Test(arguments: [
        (0, "0.0MiB"), (104_857, "0.0MiB"), (104_858, "0.1MiB"), (4_400_000, "4.1MiB"), ((1 << 20) - 1, "0.9MiB"),
        (1 << 30, "1024.0MiB"),
    ])
    func areMeasured(bytes: Int, tenths: String) {
        #expect(ByteCount(bytes).tenths == tenths)
    }

    @Test(arguments: [
        (0, "0", "0MiB"), (1, "1", "1MiB"), (1024, "1KiB", "1MiB"), (1 << 20, "1MiB", "1MiB"),
        ((1 << 20) + 1, "1048577", "2MiB"), (1536 << 20, "1536MiB", "1536MiB"), (3 << 30, "3GiB", "3072MiB"),
    ])
    func areWritten(bytes: Int, text: String, rounded: String) {
        #expect(ByteCount(bytes).text == text && ByteCount(bytes).rounded == rounded)
    }
}
