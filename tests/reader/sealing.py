"""The primitives of docs/format.md: framed hashing, derived keys, sealing, Padme.

Nothing of the library is in here: BLAKE2b is hashlib's, ChaCha20-Poly1305 is OpenSSL's, HChaCha20 is written from
draft-irtf-cfrg-xchacha-03, section 2.2.
"""
import hashlib
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305


class Unsound(Exception):
    """What was read isn't what the format page says."""


def must(holds, words):
    if not holds:
        raise Unsound(words)


def u16(number):
    return struct.pack('<H', number)


def u32(number):
    return struct.pack('<I', number)


def u64(number):
    return struct.pack('<Q', number)


def framed(label, *fields):
    label = label.encode()
    return u32(len(label)) + label + b''.join(u32(len(field)) + field for field in fields)


def hashed(label, *fields):
    return hashlib.blake2b(framed(label, *fields), digest_size=32).digest()


def fingerprint(label, secret, length, *fields):
    must(len(secret) == 32, 'a secret has 32 bytes')
    return hashlib.blake2b(framed(label, *fields), digest_size=length, key=secret).digest()


def derive(label, secret, *fields):
    return fingerprint(label, secret, 32, *fields)


def _rotated(word, by):
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def _quarter(state, a, b, c, d):
    for x, y, z, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        state[x] = (state[x] + state[y]) & 0xFFFFFFFF
        state[z] = _rotated(state[z] ^ state[x], by)


ROUNDS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)


def hchacha20(key, nonce):
    state = list(struct.unpack('<16I', b'expand 32-byte k' + key + nonce))
    for _ in range(10):
        for words in ROUNDS:
            _quarter(state, *words)
    return struct.pack('<8I', *state[:4], *state[12:])


def opened(key, sealed, aad):
    """nonce (24) | XChaCha20-Poly1305-IETF ciphertext | tag (16)."""
    must(len(sealed) >= 40, 'too short to be sealed')
    subkey = hchacha20(key, sealed[:16])
    try:
        return ChaCha20Poly1305(subkey).decrypt(bytes(4) + sealed[16:24], sealed[24:], aad)
    except InvalidTag:
        raise Unsound('a seal does not open') from None


def padded_length(length):
    if length < 2:
        return length
    e = length.bit_length() - 1
    s = e.bit_length()
    unit = 1 << (e - s)
    return -(-length // unit) * unit


def unpadded(plain):
    """u32 length | bytes | zeros up to the Padme length of the whole."""
    must(len(plain) >= 4, 'a row without its length')
    (length,) = struct.unpack_from('<I', plain)
    must(4 + length <= len(plain), 'a row longer than itself')
    must(len(plain) == padded_length(4 + length), 'a row padded to another length')
    must(not any(plain[4 + length:]), 'padding that is not zeros')
    return plain[4:4 + length]
