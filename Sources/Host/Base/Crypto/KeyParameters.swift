// Makes `EVP_PKEY`s from the numbers of a JWK: libcrypto 3 takes them as an array of named parameters.

import COpenSSL

/// Names are `StaticString`s because the builder keeps pointers to them.
enum KeyParameters {
    /// A public key of `type`, or `nil` when libcrypto refuses it. The caller owns the result.
    static func publicKey(
        type: String,
        numbers: [(name: StaticString, value: [UInt8])] = [],
        text: (name: StaticString, value: String)? = nil,
        octets: (name: StaticString, value: [UInt8])? = nil
    ) -> OpaquePointer? {
        guard let builder = unsafe OSSL_PARAM_BLD_new() else { return nil }
        defer { unsafe OSSL_PARAM_BLD_free(builder) }
        // The builder keeps pointers to numbers and octets until the array is made, so they live as long as this
        // function.
        var bignums: [OpaquePointer] = unsafe []
        defer { unsafe bignums.forEach(BN_free) }
        for (name, value) in numbers {
            let made = unsafe value.withUnsafeBufferPointer { unsafe BN_bin2bn($0.baseAddress, Int32($0.count), nil) }
            guard let number = unsafe made else { return nil }
            unsafe bignums.append(number)
            guard unsafe OSSL_PARAM_BLD_push_BN(builder, pointer(name), number) == 1 else { return nil }
        }
        if let text {
            // A length of 0 would mean "measure", and the pointer is read only when the array is made.
            return unsafe text.value.withCString { value in
                guard unsafe OSSL_PARAM_BLD_push_utf8_string(builder, Self.pointer(text.name), value, 0) == 1 else {
                    return nil
                }
                return unsafe withOctets(octets, builder) { unsafe make(type, builder) }
            }
        }
        return unsafe withOctets(octets, builder) { unsafe make(type, builder) }
    }

    private static func withOctets(
        _ octets: (name: StaticString, value: [UInt8])?,
        _ builder: OpaquePointer,
        _ body: () -> OpaquePointer?
    ) -> OpaquePointer? {
        guard let octets else { return unsafe body() }
        return unsafe octets.value.withUnsafeBufferPointer { buffer in
            guard
                unsafe OSSL_PARAM_BLD_push_octet_string(builder, pointer(octets.name), buffer.baseAddress, buffer.count)
                    == 1
            else { return nil }
            return unsafe body()
        }
    }

    private static func pointer(_ name: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private static func make(_ type: String, _ builder: OpaquePointer) -> OpaquePointer? {
        guard let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else { return nil }
        defer { unsafe OSSL_PARAM_free(parameters) }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_fromdata_init(context) == 1,
            unsafe EVP_PKEY_fromdata(context, &key, COPENSSL_PUBLIC_KEY, parameters) == 1
        else {
            ERR_clear_error()
            return nil
        }
        return unsafe key
    }
}
