"""SM2 over the curve of GB/T 32918.5, from the standard alone: plain integers, nothing in constant time.

For test keys only. SM3 comes from `cryptography`.
"""

import secrets

from cryptography.hazmat.primitives import hashes

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
DEFAULT_ID = b"1234567812345678"


class Refused(Exception):
    """What was given is no valid key, ciphertext or signature."""


def sm3(*parts):
    digest = hashes.Hash(hashes.SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


def octets(number):
    return number.to_bytes(32, "big")


def number(bytes_):
    return int.from_bytes(bytes_, "big")


def add(one, other):
    """GB/T 32918.1 §3.2.3.1; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    if one == other:
        slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def multiply(scalar, point):
    total = None
    for bit in bin(scalar)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, point)
    return total


def on_curve(x, y):
    """The point (x, y), if it is one. The group's order is prime, so every point is of full order."""
    if not (0 <= x < P and 0 <= y < P) or (y * y - x * x * x - A * x - B) % P:
        raise Refused("a point off the curve")
    return x, y


def point(sec1):
    if len(sec1) != 65 or sec1[0] != 4:
        raise Refused("a public key of another form")
    return on_curve(number(sec1[1:33]), number(sec1[33:]))


def public_key(scalar):
    x, y = multiply(scalar, G)
    return b"\x04" + octets(x) + octets(y)


def key_stream(x, y, length):
    """The KDF of GB/T 32918.4 §5.4.3, over x2 ‖ y2."""
    blocks = range(1, length // 32 + 2)
    return b"".join(sm3(octets(x), octets(y), block.to_bytes(4, "big")) for block in blocks)[:length]


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def decrypt(scalar, encrypted):
    """GB/T 32918.4 §7.1, of the DER of GM/T 0009 §7.2: SEQUENCE of x, y, hash (C3), text (C2)."""
    x, y, hash_, text = sequence(encrypted, [INTEGER, INTEGER, OCTETS, OCTETS])
    x2, y2 = multiply(scalar, on_curve(number(x), number(y)))
    plain = xor(text, key_stream(x2, y2, len(text)))
    if sm3(octets(x2), plain, octets(y2)) != hash_:
        raise Refused("a ciphertext whose hash does not fit")
    return plain


def encrypt(public, plain):
    """GB/T 32918.4 §6.1."""
    ephemeral = secrets.randbelow(N - 1) + 1
    x1, y1 = multiply(ephemeral, G)
    x2, y2 = multiply(ephemeral, point(public))
    text = xor(plain, key_stream(x2, y2, len(plain)))
    hash_ = sm3(octets(x2), plain, octets(y2))
    parts = [integer(x1), integer(y1), element(OCTETS, hash_), element(OCTETS, text)]
    return element(SEQUENCE, b"".join(parts))


def message_digest(public, message):
    """GB/T 32918.2 §5.5 and §6.1: e = SM3(Z_A ‖ M)."""
    bits = (8 * len(DEFAULT_ID)).to_bytes(2, "big")
    za = sm3(bits, DEFAULT_ID, octets(A), octets(B), octets(G[0]), octets(G[1]), public[1:])
    return number(sm3(za, message))


def verify(public, message, signature):
    """GB/T 32918.2 §7.1; `signature` is r ‖ s."""
    key = point(public)
    if len(signature) != 64:
        raise Refused("a signature of another length")
    r, s = number(signature[:32]), number(signature[32:])
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        raise Refused("a signature out of range")
    sum_ = add(multiply(s, G), multiply(t, key))
    if sum_ is None or (message_digest(public, message) + sum_[0]) % N != r:
        raise Refused("a signature that does not fit")


def sign(scalar, message):
    """GB/T 32918.2 §6.1; r ‖ s."""
    digest = message_digest(public_key(scalar), message)
    while True:
        k = secrets.randbelow(N - 1) + 1
        r = (digest + multiply(k, G)[0]) % N
        s = pow(1 + scalar, -1, N) * (k - r * scalar) % N
        if r and s and r + k != N:
            return octets(r) + octets(s)


# As much DER (ITU-T X.690) as keys and ciphertexts need.
INTEGER, OCTETS, SEQUENCE = 0x02, 0x04, 0x30


def element(tag, content):
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def integer(value):
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def take(der):
    """The first element: its tag, its content, and what follows it."""
    if len(der) < 2:
        raise Refused("DER that is cut off")
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = number(der[2:start])
        if length < 128:
            raise Refused("DER with a long length where a short one does")
    content = der[start : start + length]
    if len(content) != length:
        raise Refused("DER that is cut off")
    return der[0], content, der[start + length :]


def sequence(der, tags):
    """The contents of a SEQUENCE of exactly these elements, and nothing behind it."""
    tag, rest, behind = take(der)
    contents = []
    for wanted in tags:
        found, content, rest = take(rest)
        if found != wanted:
            raise Refused("DER of another shape")
        contents.append(content)
    if tag != SEQUENCE or rest or behind:
        raise Refused("DER of another shape")
    return contents


def pkcs8_scalar(der):
    """The private scalar of a PKCS #8 EC key (RFC 5958, RFC 5915), whatever its curve."""
    _, body, _ = take(der)
    _, _version, rest = take(body)
    _, _algorithm, rest = take(rest)
    _, wrapped, _ = take(rest)
    _, key, _ = take(wrapped)
    _, _version, rest = take(key)
    tag, scalar, _ = take(rest)
    if tag != OCTETS or len(scalar) != 32:
        raise Refused("a private key of another form")
    return number(scalar)
