#!/usr/bin/env python3
"""Exchanges tokens with two independent implementations, PyJWT and joserfc.

usage: interop_tokens.py sign OUT      write a key set and tokens that they signed with every algorithm, for the tests
       interop_tokens.py verify IN     both verify the token in IN, a JSON object with jwks, token, issuer, audience
"""

import json
import sys
import warnings

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jwk
from joserfc import jwt as joserfc_jwt

# joserfc warns that "EdDSA" is the older name of Ed25519; both names are wanted here.
warnings.simplefilter("ignore")

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLAIMS = {
    "iss": "https://issuer.example", "aud": ["other", "tools"], "sub": "Ünï", "client_id": "client-1", "jti": "1",
    "iat": 1700000000, "nbf": 1700000000.5, "exp": 4102444800, "scope": "read write",
}


def make_keys():
    """A private key for each kid; the RSA algorithms share one."""
    return {
        "rsa": rsa.generate_private_key(65537, 2048),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "ES384": ec.generate_private_key(ec.SECP384R1()),
        "ES512": ec.generate_private_key(ec.SECP521R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    }


def as_jwk(key):
    """The key as joserfc has it."""
    kind = {"RSAPrivateKey": "RSA", "Ed25519PrivateKey": "OKP"}.get(type(key).__name__.lstrip("_"), "EC")
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return jwk.import_key(pem, kind)


def sign(path):
    keys = make_keys()
    tokens = []
    for algorithm in ALGORITHMS:
        kid = algorithm if algorithm in keys else "rsa"
        key = keys[kid]
        tokens.append({
            "library": "PyJWT", "algorithm": algorithm,
            "token": jwt.encode(CLAIMS, key, algorithm=algorithm, headers={"kid": kid, "typ": "at+jwt"}),
        })
        for name in [algorithm, "Ed25519"] if algorithm == "EdDSA" else [algorithm]:
            header = {"alg": name, "kid": kid, "typ": "at+jwt"}
            tokens.append({
                "library": "joserfc", "algorithm": name,
                "token": joserfc_jwt.encode(header, CLAIMS, as_jwk(key), algorithms=[name]),
            })
    public = [{**as_jwk(key).as_dict(private=False), "kid": kid} for kid, key in keys.items()]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"jwks": {"keys": public}, "tokens": tokens}, file)


def verify(path):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    key = jwt.PyJWK(given["jwks"]["keys"][0])
    claims = jwt.decode(
        given["token"], key.key, algorithms=["RS256"], issuer=given["issuer"], audience=given["audience"],
        options={"require": ["exp", "iat", "iss", "aud", "sub", "jti", "client_id"]})
    keys = jwk.KeySet.import_key_set(given["jwks"])
    other = joserfc_jwt.decode(given["token"], keys, algorithms=["RS256"])
    if other.claims != claims or other.header["typ"] != "at+jwt":
        raise ValueError("PyJWT and joserfc read different tokens")
    if keys.keys[0].thumbprint() != given["jwks"]["keys"][0]["kid"]:
        raise ValueError("kid is not the RFC 7638 thumbprint")


def main(arguments):
    commands = {"sign": sign, "verify": verify}
    if len(arguments) != 2 or arguments[0] not in commands:
        print(__doc__.strip(), file=sys.stderr)
        return 64
    commands[arguments[0]](arguments[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
