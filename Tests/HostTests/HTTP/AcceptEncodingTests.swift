// Which form of a document a client gets (RFC 9110 section 12.5.3).

import Testing

@testable import HostHTTP

@Suite struct AcceptEncodingTests {
    @Test(arguments: [
        ["gzip"], ["GZIP"], ["x-gzip"], ["gzip, deflate, br"], ["deflate;q=0.5, gzip;q=1.0"], ["*"], ["br", "gzip"],
        ["gzip;q=0.001"], ["gzip ; q=0.5"], ["identity;q=0.5, gzip;q=0.5"], ["identity;q=0, gzip"],
        ["*;q=0.1, identity;q=0"],
        [",, gzip ,"], ["identity;q=0, *"], ["gzip;q=1.000"],
    ])
    func compressed(fields: [String]) {
        #expect(AcceptEncoding(fields).choice == .gzip, "\(fields)")
    }

    @Test(arguments: [
        [], [""], ["identity"], ["br"], ["gzip;q=0"], ["gzip;q=0.000"], ["gzip;q=0, *"], ["*;q=0, identity"],
        ["identity, gzip;q=0.5"], ["gzip;q=2"], ["gzip;q=1.001"], ["gzip;q="], ["gzip;q=0.0001"], ["gzip;level=9"],
        ["gzipped"], ["gzip;q=.5"], ["gzip;q=0.5;q=1"], ["gzip;q=-1"], [";;;"], ["gzip;q=0, x-gzip"],
    ])
    func asItIs(fields: [String]) {
        #expect(AcceptEncoding(fields).choice == .identity, "\(fields)")
    }

    @Test(arguments: [["identity;q=0"], ["*;q=0"], ["gzip;q=0, identity;q=0"], ["br, identity;q=0"], ["*;q=0, br"]])
    func neither(fields: [String]) {
        #expect(AcceptEncoding(fields).choice == .none, "\(fields)")
        #expect(!AcceptEncoding(fields).takesIdentity)
    }
}
