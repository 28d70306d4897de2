"""Suite 3 from its description in docs/protocol.md part 2 and RFC 5869: two keys out of one seed, over `cryptography`."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sm2 import Refused

TAG = b"\x40"
# PKCS #8 (RFC 5958) of identifier 2.25.223907836080583894868335655398663425616, up to the seed.
PKCS8_HEAD = bytes.fromhex("308183020101301606146982d0f38aa983b182b0cb87e1e7efaae8da9c5004220420")


def half(seed, use):
    return HKDFExpand(hashes.SHA256(), 32, b"msgpay curve25519 v1 " + use).derive(seed)


def signing_key(seed):
    return ed25519.Ed25519PrivateKey.from_private_bytes(half(seed, b"sign"))


def opening_key(seed):
    return x25519.X25519PrivateKey.from_private_bytes(half(seed, b"open"))


def raw(public):
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def halves(public):
    if len(public) != 65 or public[:1] != TAG:
        raise Refused("no key of suite 3")
    return public[1:33], public[33:]


def verify(public, message, signature):
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(halves(public)[0]).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Refused("a signature that does not fit") from error


def sign(seed, message):
    return signing_key(seed).sign(message)


def pkcs8_seed(der):
    """The seed of a key file of this suite; None for another file."""
    return der[len(PKCS8_HEAD) :][:32] if der.startswith(PKCS8_HEAD) else None
