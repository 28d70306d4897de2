"""The other side of tests/tests/interop.rs: one JSON request a line, one JSON answer a line.

Byte strings travel as hexadecimal digits. A refusal answers {"refused": why}; anything else that goes wrong ends the
program. Public packages: cryptography, cbor2, gmssl, pyhpke.
"""

import json
import sys

import cbor2
import pyhpke
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmssl.sm2 import CryptSM2

import cose
import curve25519
import sm2
from open_entry import mac, open_entry
from sm2 import Refused

HASHES = {1: hashes.SHA256, 2: hashes.SM3, 3: hashes.SHA256}
KEMS = {1: pyhpke.KEMId.DHKEM_P256_HKDF_SHA256, 3: pyhpke.KEMId.DHKEM_X25519_HKDF_SHA256}
HPKE = {
    suite: pyhpke.CipherSuite.new(kem, pyhpke.KDFId.HKDF_SHA256, pyhpke.AEADId.AES256_GCM)
    for suite, kem in KEMS.items()
}


def gmssl_key(scalar, public):
    """Mode 1 is C1C3C2. Its constructor strips zeroes and fours off a point's text, so the point is set behind it."""
    key = CryptSM2(private_key=scalar.hex(), public_key="", mode=1)
    key.public_key = public[1:].hex()
    return key


def gmssl_sign(scalar, public, message):
    return {"signature": gmssl_key(scalar, public).sign_with_sm3(message)}


def gmssl_verify(public, message, signature):
    if not gmssl_key(b"", public).verify_with_sm3(signature.hex(), message):
        raise Refused("a signature that does not fit")
    return {}


def gmssl_encrypt(public, plain):
    """x ‖ y ‖ C3 ‖ C2, dressed in the DER of GM/T 0009."""
    raw = gmssl_key(b"", public).encrypt(plain)
    numbers = [sm2.integer(sm2.number(raw[at : at + 32])) for at in (0, 32)]
    octets = [sm2.element(sm2.OCTETS, part) for part in (raw[64:96], raw[96:])]
    return {"encrypted": sm2.element(sm2.SEQUENCE, b"".join(numbers + octets)).hex()}


def gmssl_decrypt(scalar, public, encrypted):
    """Without a look at C3, which that package does not take."""
    x, y, hash_, text = sm2.sequence(encrypted, [sm2.INTEGER, sm2.INTEGER, sm2.OCTETS, sm2.OCTETS])
    raw = sm2.octets(sm2.number(x)) + sm2.octets(sm2.number(y)) + hash_ + text
    return {"plain": gmssl_key(scalar, public).decrypt(raw).hex()}


def aead(suite, key, tag=None):
    cipher = algorithms.SM4(key[:16]) if suite == 2 else algorithms.AES(key)
    return Cipher(cipher, modes.GCM(bytes(12), tag))


def aead_seal(suite, key, aad, text):
    sealer = aead(suite, key).encryptor()
    sealer.authenticate_additional_data(aad)
    sealed = sealer.update(text) + sealer.finalize()
    return {"text": sealed.hex(), "tag": sealer.tag.hex()}


def aead_open(suite, key, aad, text, tag):
    opener = aead(suite, key, tag).decryptor()
    opener.authenticate_additional_data(aad)
    try:
        return {"text": (opener.update(text) + opener.finalize()).hex()}
    except InvalidTag as error:
        raise Refused("a tag that does not fit") from error


def digest(suite, text):
    hash_ = hashes.Hash(HASHES[suite]())
    hash_.update(text)
    return {"digest": hash_.finalize().hex()}


def ratchet(suite, chain, label):
    return {"key": mac(HASHES[suite](), chain, label, b"\x01").hex()}


def verify(suite, public, message, signature):
    cose.VERIFY[suite](public, message, signature)
    return {}


def sign(suite, scalar, message):
    return {"signature": cose.SIGN[suite](sm2.number(scalar), message).hex()}


def hpke_receive(suite, scalar, encapsulated, info, label):
    if suite == 3:
        key = curve25519.opening_key(scalar)
    else:
        key = ec.derive_private_key(sm2.number(scalar), ec.SECP256R1())
    receiver = HPKE[suite].create_recipient_context(encapsulated, pyhpke.KEMKey.from_pyca_cryptography_key(key), info=info)
    return {"chain": receiver.export(label, 32).hex()}


def hpke_send(suite, public, info, label):
    if suite == 3:
        key = x25519.X25519PublicKey.from_public_bytes(curve25519.halves(public)[1])
    else:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    encapsulated, sender = HPKE[suite].create_sender_context(pyhpke.KEMKey.from_pyca_cryptography_key(key), info=info)
    return {"encapsulated": encapsulated.hex(), "chain": sender.export(label, 32).hex()}


def entry(scalar, envelope, server_nonce, order_digest):
    return open_entry(sm2.number(scalar), envelope, server_nonce, order_digest)


def cose_open(object, root, institution, purpose, now):
    members = cose.open_object(object, root, institution, purpose, now)
    return {"members": {str(key): printable(value) for key, value in members.items()}}


def printable(value):
    return value.hex() if isinstance(value, bytes) else value


def cose_sign(suite, root, key, purpose, institution, payload):
    """A statement of a key for `purpose`, and an object under it, both made here."""
    root_scalar, scalar = (sm2.number(bytes.fromhex(one["scalar"])) for one in (root, key))
    public = bytes.fromhex(key["public"])
    said = [cose.KEY_LABEL, institution, purpose, key["kid"], suite, public, 0, 4_000_000_000]
    statement = cbor2.dumps(dict(enumerate(said)), canonical=True)
    statement = cose.sign_object(suite, root["kid"], root_scalar, statement)
    return {"object": cose.sign_object(suite, key["kid"], scalar, payload, statement).hex()}


REQUESTS = {
    request.__name__: request
    for request in (
        gmssl_sign, gmssl_verify, gmssl_encrypt, gmssl_decrypt, aead_seal, aead_open, digest, ratchet,
        verify, sign, hpke_receive, hpke_send, entry, cose_open, cose_sign,
    )
}  # fmt: skip
TEXTS = {"institution", "purpose"}


def answer(line):
    asked = json.loads(line)
    request = REQUESTS[asked.pop("request")]
    given = {
        name: bytes.fromhex(value) if isinstance(value, str) and name not in TEXTS else value
        for name, value in asked.items()
    }
    try:
        return request(**given)
    except Refused as why:
        return {"refused": str(why)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(line)), flush=True)
