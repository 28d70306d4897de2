"""Opens a sealed entry with the institution's private key, as docs/protocol.md part 8 has it.

    open_entry.py KEY.pem ENVELOPE SERVER_NONCE ORDER_DIGEST      nonce and digest in hexadecimal digits

prints {"suite", "purpose", "kid", "kind", "presses", "characters"} as one JSON document, or ends with 1 and the
reason on standard error. Needs `cryptography` (with SM3 and SM4) and `cbor2`. For test keys: it wipes nothing.
"""

import base64
import json
import sys
from pathlib import Path

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import curve25519
import sm2
from sm2 import Refused

PRESSES, BOX = 64, 17
DELETE, CLEAR, NOTHING = 0xFD, 0xFE, 0xFF
ZERO_NONCE = bytes(12)


def mac(hash_, key, *parts):
    mac_ = hmac.HMAC(key, hash_)
    for part in parts:
        mac_.update(part)
    return mac_.finalize()


class International:
    """HPKE base mode with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180), and SHA-256."""

    number = 1
    hash = hashes.SHA256()
    KEM, HPKE = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x02"

    def __init__(self, scalar):
        self.key = ec.derive_private_key(scalar, ec.SECP256R1())

    def extract(self, suite, salt, label, ikm):
        return mac(self.hash, salt or bytes(32), b"HPKE-v1", suite, label, ikm)

    def expand32(self, suite, prk, label, info):
        return mac(self.hash, prk, b"\x00\x20HPKE-v1", suite, label, info, b"\x01")

    def agreed(self, encapsulated):
        """The shared coordinate, and our public key as HPKE writes it."""
        curve = ec.SECP256R1()
        try:
            sender = ec.EllipticCurvePublicKey.from_encoded_point(curve, encapsulated)
        except ValueError as error:
            raise Refused("no point of P-256") from error
        shared = self.key.exchange(ec.ECDH(), sender)
        own = self.key.public_key().public_numbers()
        return shared, b"\x04" + own.x.to_bytes(32, "big") + own.y.to_bytes(32, "big")

    def chain(self, encapsulated, info, label):
        """RFC 9180 §4.1 Decap, §5.1 KeySchedule and §5.3 Export."""
        shared, own = self.agreed(encapsulated)
        eae = self.extract(self.KEM, b"", b"eae_prk", shared)
        secret = self.expand32(self.KEM, eae, b"shared_secret", encapsulated + own)
        psk_id = self.extract(self.HPKE, b"", b"psk_id_hash", b"")
        schedule = b"\x00" + psk_id + self.extract(self.HPKE, b"", b"info_hash", info)
        prk = self.extract(self.HPKE, secret, b"secret", b"")
        exporter = self.expand32(self.HPKE, prk, b"exp", schedule)
        return self.expand32(self.HPKE, exporter, b"sec", label)

    def cipher(self, key, tag):
        return Cipher(algorithms.AES(key), modes.GCM(ZERO_NONCE, tag))


class Curve25519(International):
    """The same with DHKEM(X25519, HKDF-SHA256) and one half of a seed's keys."""

    number = 3
    KEM, HPKE = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"

    def __init__(self, seed):
        self.key = curve25519.opening_key(sm2.octets(seed))

    def agreed(self, encapsulated):
        try:
            shared = self.key.exchange(x25519.X25519PublicKey.from_public_bytes(encapsulated))
        except ValueError as error:
            raise Refused("no coordinate of X25519, or one of small order") from error
        return shared, curve25519.raw(self.key.public_key())


class Guomi:
    """A seed encrypted by SM2, HKDF-SM3, SM4-GCM under the first half of each key (RFC 8998)."""

    number = 2
    hash = hashes.SM3()

    def __init__(self, scalar):
        self.scalar = scalar

    def chain(self, encapsulated, info, label):
        seed = sm2.decrypt(self.scalar, encapsulated)
        if len(seed) != 32:
            raise Refused("a seed of another length")
        return mac(self.hash, mac(self.hash, label, seed), info, b"\x01")

    def cipher(self, key, tag):
        return Cipher(algorithms.SM4(key[:16]), modes.GCM(ZERO_NONCE, tag))


SUITES = {suite.number: suite for suite in (International, Guomi, Curve25519)}


class Chain:
    """C moves on with every sealing: a key is expanded from it, then the next C."""

    def __init__(self, suite, first):
        self.suite, self.key = suite, first

    def expand(self, label):
        return mac(self.suite.hash, self.key, label, b"\x01")

    def open(self, label, aad, sealed):
        key, self.key = self.expand(label), self.expand(b"next")
        text, tag = sealed[:-16], sealed[-16:]
        opener = self.suite.cipher(key, tag).decryptor()
        opener.authenticate_additional_data(aad)
        try:
            return opener.update(text) + opener.finalize()
        except InvalidTag as error:
            raise Refused(f"{label.decode()} does not open") from error


def members(envelope):
    """The envelope's twelve members, after its form."""
    try:
        read = cbor2.loads(envelope)
    except cbor2.CBORDecodeError as error:
        raise Refused("no CBOR") from error
    if not isinstance(read, dict) or list(read) != list(range(12)):
        raise Refused("not the twelve members of an entry")
    if cbor2.dumps(read, canonical=True) != envelope or read[0] != "msgpay entry v1" or read[1] != 1:
        raise Refused("another form")
    if len(read[10]) != PRESSES * BOX or len(read[11]) != 16 or len(read[9]) < 16:
        raise Refused("parts of another length")
    return read


def open_entry(scalar, envelope, server_nonce, order_digest):
    """What was typed. Nonce and digest are the opener's own, never the sender's."""
    read = members(envelope)
    _, _, number, purpose, kid, client_nonce, mode, surface, encapsulated, layout, boxes, close = read.values()
    if number not in SUITES:
        raise Refused("an unknown suite")
    suite = SUITES[number](scalar)
    bound = [1, number, purpose, kid, server_nonce, client_nonce, order_digest, mode, surface]
    context = cbor2.dumps(bound, canonical=True)

    chain = Chain(suite, suite.chain(encapsulated, context, b"msgpay keystroke chain"))
    face = chain.open(b"layout", b"layout", layout)
    sealed = [boxes[at : at + BOX] for at in range(0, len(boxes), BOX)]
    presses = b"".join(chain.open(b"key", bytes([i]), box) for i, box in enumerate(sealed, 1))
    transcript = cbor2.dumps([context, encapsulated, layout, boxes], canonical=True)
    chain.open(b"close", transcript, close)

    kind, faces = face[0], face[2:]
    if len(faces) != face[1] or len(set(faces)) != len(faces):
        raise Refused("a layout that is none")
    return {
        "suite": number,
        "purpose": purpose,
        "kid": kid,
        "kind": kind,
        "presses": list(presses),
        "characters": characters(faces, presses),
    }


def characters(faces, presses):
    """What remains after the presses have been played."""
    typed = []
    for press in presses:
        if press == DELETE:
            typed = typed[:-1]
        elif press == CLEAR:
            typed = []
        elif press != NOTHING:
            if press >= len(faces):
                raise Refused("a press on no slot")
            typed.append(chr(faces[press]))
    return "".join(typed)


def scalar_of(pem):
    lines = [line for line in pem.splitlines() if line and not line.startswith("-----")]
    der = base64.b64decode("".join(lines))
    seed = curve25519.pkcs8_seed(der)
    return sm2.pkcs8_scalar(der) if seed is None else sm2.number(seed)


def main(key, envelope, server_nonce, order_digest):
    scalar = scalar_of(Path(key).read_text())
    entry = Path(envelope).read_bytes()
    try:
        opened = open_entry(scalar, entry, bytes.fromhex(server_nonce), bytes.fromhex(order_digest))
    except Refused as why:
        print(why, file=sys.stderr)
        return 1
    print(json.dumps(opened))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
