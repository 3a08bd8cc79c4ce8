"""X-Wing (draft-connolly-cfrg-xwing-kem-06) over ML-KEM-768 (FIPS 203), in plain Python.

ML-KEM is written from the standard, algorithm by algorithm; SHA-3 is hashlib's and X25519 is OpenSSL's. It runs in no
constant time and keeps nothing secret from its machine: it reads vaults whose passphrases are written beside them.
"""
import hashlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

N, Q, K, ETA, DU, DV = 256, 3329, 3, 2, 10, 4


def _shake128(data):
    return hashlib.shake_128(data).digest(168 * 8)


def _g(data):
    both = hashlib.sha3_512(data).digest()
    return both[:32], both[32:]


def _reversed7(number):
    return int(f'{number:07b}'[::-1], 2)


ZETAS = [pow(17, _reversed7(i), Q) for i in range(128)]
GAMMAS = [pow(17, 2 * _reversed7(i) + 1, Q) for i in range(128)]


def _bits(data):
    return [byte >> i & 1 for byte in data for i in range(8)]


def _encode(values, d):
    """Algorithm 5, ByteEncode."""
    whole = 0
    for i, value in enumerate(values):
        whole |= value << (i * d)
    return whole.to_bytes(32 * d, 'little')


def _decode(data, d):
    """Algorithm 6, ByteDecode."""
    whole = int.from_bytes(data, 'little')
    modulus = Q if d == 12 else 1 << d
    return [(whole >> (i * d) & ((1 << d) - 1)) % modulus for i in range(N)]


def _compress(values, d):
    return [((value << d) + Q // 2) // Q % (1 << d) for value in values]


def _decompress(values, d):
    return [(value * Q + (1 << (d - 1))) >> d for value in values]


def _sample_ntt(seed):
    """Algorithm 7. 1344 bytes of SHAKE128 give 256 coefficients but for a chance of 2^-200 or so."""
    stream, found = _shake128(seed), []
    for i in range(0, len(stream), 3):
        first = stream[i] | (stream[i + 1] & 15) << 8
        second = stream[i + 1] >> 4 | stream[i + 2] << 4
        found += [value for value in (first, second) if value < Q]
    assert len(found) >= N
    return found[:N]


def _sample_cbd(seed, number):
    """Algorithm 8 over PRF_eta."""
    bits = _bits(hashlib.shake_256(seed + bytes([number])).digest(64 * ETA))
    return [(sum(bits[2 * i * ETA:(2 * i + 1) * ETA]) - sum(bits[(2 * i + 1) * ETA:(2 * i + 2) * ETA])) % Q
            for i in range(N)]


def _ntt(values):
    """Algorithm 9."""
    f, i, length = list(values), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i + 1
            for j in range(start, start + length):
                t = zeta * f[j + length] % Q
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
        length //= 2
    return f


def _back(values):
    """Algorithm 10, the inverse NTT."""
    f, i, length = list(values), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i - 1
            for j in range(start, start + length):
                t = f[j]
                f[j] = (t + f[j + length]) % Q
                f[j + length] = zeta * (f[j + length] - t) % Q
        length *= 2
    return [value * 3303 % Q for value in f]


def _times(f, g):
    """Algorithms 11 and 12."""
    h = []
    for i in range(128):
        a, b, c, d = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
        h += [(a * c + b * d * GAMMAS[i]) % Q, (a * d + b * c) % Q]
    return h


def _sum(*many):
    return [sum(values) % Q for values in zip(*many)]


def _dot(left, right):
    return _sum(*(_times(f, g) for f, g in zip(left, right)))


def _matrix(rho):
    return [[_sample_ntt(rho + bytes([j, i])) for j in range(K)] for i in range(K)]


def keygen(d, z):
    """Algorithms 13 and 16: encapsulation key, and what decapsulation needs."""
    rho, sigma = _g(d + bytes([K]))
    a = _matrix(rho)
    s = [_ntt(_sample_cbd(sigma, i)) for i in range(K)]
    e = [_ntt(_sample_cbd(sigma, K + i)) for i in range(K)]
    t = [_sum(_dot(a[i], s), e[i]) for i in range(K)]
    ek = b''.join(_encode(values, 12) for values in t) + rho
    return ek, (s, ek, hashlib.sha3_256(ek).digest(), z)


def _encrypt(ek, message, coins):
    """Algorithm 14."""
    t = [_decode(ek[384 * i:384 * (i + 1)], 12) for i in range(K)]
    a = _matrix(ek[384 * K:])
    y = [_ntt(_sample_cbd(coins, i)) for i in range(K)]
    e1 = [_sample_cbd(coins, K + i) for i in range(K)]
    e2 = _sample_cbd(coins, 2 * K)
    u = [_sum(_back(_dot([a[j][i] for j in range(K)], y)), e1[i]) for i in range(K)]
    v = _sum(_back(_dot(t, y)), e2, _decompress(_bits(message), 1))
    return b''.join(_encode(_compress(values, DU), DU) for values in u) + _encode(_compress(v, DV), DV)


def decapsulated(dk, ciphertext):
    """Algorithms 15 and 18."""
    s, ek, h, z = dk
    u = [_decompress(_decode(ciphertext[32 * DU * i:32 * DU * (i + 1)], DU), DU) for i in range(K)]
    v = _decompress(_decode(ciphertext[32 * DU * K:], DV), DV)
    w = [(a - b) % Q for a, b in zip(v, _back(_dot(s, [_ntt(values) for values in u])))]
    message = _encode(_compress(w, 1), 1)
    shared, coins = _g(message + h)
    if _encrypt(ek, message, coins) == ciphertext:
        return shared
    return hashlib.shake_256(z + ciphertext).digest(32)


LABEL = b'\\.//^\\'


class KeyPair:
    def __init__(self, seed):
        expanded = hashlib.shake_256(seed).digest(96)
        ek, self._dk = keygen(expanded[:32], expanded[32:64])
        self._x = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._pk_x = self._x.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = ek + self._pk_x

    def decapsulate(self, ciphertext):
        ct_m, ct_x = ciphertext[:1088], ciphertext[1088:]
        ss_m = decapsulated(self._dk, ct_m)
        ss_x = self._x.exchange(X25519PublicKey.from_public_bytes(ct_x))
        return hashlib.sha3_256(ss_m + ss_x + ct_x + self._pk_x + LABEL).digest()
