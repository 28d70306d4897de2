"""Verifies the COSE_Sign1 objects of docs/protocol.md part 2 by the chain root → key statement → object.

From RFC 9052 §4.4 with `cbor2` and `cryptography` alone.
"""

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

import curve25519
import sm2
from sm2 import Refused

ES256, SM2_SM3, ED25519 = -7, -70_001, -19
SUITE_OF = {ES256: 1, SM2_SM3: 2, ED25519: 3}
STATEMENT = -70_002
KEY_LABEL = "msgpay key v1"


def verify_p256(public, message, signature):
    if len(signature) != 64:
        raise Refused("a signature of another length")
    r, s = sm2.number(signature[:32]), sm2.number(signature[32:])
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise Refused("a signature that does not fit") from error


def sign_p256(scalar, message):
    key = ec.derive_private_key(scalar, ec.SECP256R1())
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return sm2.octets(r) + sm2.octets(s)


VERIFY = {1: verify_p256, 2: sm2.verify, 3: curve25519.verify}
SIGN = {1: sign_p256, 2: sm2.sign, 3: lambda seed, message: curve25519.sign(sm2.octets(seed), message)}


def to_be_signed(protected, payload):
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def parts(bytes_):
    """Protected header as bytes and as a map, payload, signature."""
    try:
        read = cbor2.loads(bytes_)
        if not isinstance(read, (list, tuple)) or len(read) != 4 or read[1] != {}:
            raise Refused("no COSE_Sign1 of this protocol")
        protected, _, payload, signature = read
        header = cbor2.loads(protected)
    except (cbor2.CBORDecodeError, TypeError) as error:
        raise Refused("no CBOR") from error
    if header.get(1) not in SUITE_OF or len(header.get(4, b"")) != 8:
        raise Refused("another header")
    return protected, header, payload, signature


def statement_of(bytes_, root, institution, purpose, now):
    """The members of a key statement that this root signed."""
    protected, header, payload, signature = parts(bytes_)
    if set(header) != {1, 4} or sm2.number(header[4]) != root["kid"]:
        raise Refused("a statement of another root")
    VERIFY[SUITE_OF[header[1]]](bytes.fromhex(root["key"]), to_be_signed(protected, payload), signature)
    said = cbor2.loads(payload)
    fits = said[0] == KEY_LABEL and said[1] == institution and said[2] == purpose
    if not fits or not said[6] <= now < said[7]:
        raise Refused("a key for something else, or of another time")
    return said


def open_object(bytes_, root, institution, purpose, now):
    """The payload's members, once the whole chain has been verified."""
    protected, header, payload, signature = parts(bytes_)
    if set(header) != {1, 4, STATEMENT}:
        raise Refused("another header")
    said = statement_of(header[STATEMENT], root, institution, purpose, now)
    if said[3] != sm2.number(header[4]) or said[4] != SUITE_OF[header[1]]:
        raise Refused("signed by another key than stated")
    VERIFY[said[4]](said[5], to_be_signed(protected, payload), signature)
    members = cbor2.loads(payload)
    if members[1] != institution:
        raise Refused("of another institution")
    return members


def sign_object(suite, kid, scalar, payload, statement=None):
    """A COSE_Sign1 as the product reads it."""
    header = {1: {number: alg for alg, number in SUITE_OF.items()}[suite], 4: kid.to_bytes(8, "big")}
    if statement is not None:
        header[STATEMENT] = statement
    protected = cbor2.dumps(header, canonical=True)
    signature = SIGN[suite](scalar, to_be_signed(protected, payload))
    return cbor2.dumps([protected, {}, payload, signature], canonical=True)
