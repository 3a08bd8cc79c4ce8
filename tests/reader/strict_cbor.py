"""RFC 8949 in its deterministic form, and nothing else: what could have been written in two ways is refused.

Maps may have text keys alone: shorter keys stand before longer ones, and equally long ones in the order of their bytes.
"""
import math
import struct

from sealing import must


def decoded(data):
    value, end = _item(data, 0)
    must(end == len(data), 'bytes after the CBOR')
    return value


def _head(data, at):
    must(at < len(data), 'CBOR that ends early')
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, low, at + 1
    must(low < 28, 'CBOR of indefinite length, or reserved')
    size = 1 << (low - 24)
    must(at + 1 + size <= len(data), 'CBOR that ends early')
    number = int.from_bytes(data[at + 1:at + 1 + size], 'big')
    if major != 7:
        must(number >= (24, 1 << 8, 1 << 16, 1 << 32)[low - 24], 'a CBOR length that could be shorter')
    return major, low, number, at + 1 + size


def _item(data, at):
    major, low, number, at = _head(data, at)
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        must(at + number <= len(data), 'CBOR that ends early')
        piece = bytes(data[at:at + number])
        return (piece if major == 2 else piece.decode('utf-8')), at + number
    if major == 4:
        items = []
        for _ in range(number):
            value, at = _item(data, at)
            items.append(value)
        return items, at
    if major == 5:
        return _map(data, at, number)
    must(major == 7, 'a CBOR tag')
    return _simple(low, number, at)


def _map(data, at, number):
    found, last = {}, None
    for _ in range(number):
        start = at
        key, at = _item(data, at)
        written = bytes(data[start:at])
        must(isinstance(key, str), 'a CBOR key that is no text')
        must(last is None or last < written, 'CBOR keys out of order, or twice')
        last = written
        found[key], at = _item(data, at)
    return found, at


def _simple(low, number, at):
    if low in (20, 21, 22):
        return {20: False, 21: True, 22: None}[low], at
    must(low in (25, 26, 27), 'a CBOR simple value that has no meaning here')
    form = {25: '>e', 26: '>f', 27: '>d'}[low]
    value = struct.unpack(form, number.to_bytes(struct.calcsize(form), 'big'))[0]
    must(math.isfinite(value), 'a CBOR number that is not finite')
    must(low == 25 or not _fits(value, {26: '>e', 27: '>f'}[low]), 'a CBOR float that could be shorter')
    return value, at


def _fits(value, form):
    try:
        return struct.unpack(form, struct.pack(form, value))[0] == value
    except OverflowError:
        return False


def encoded(value):
    """For what has to be hashed again: maps, lists, texts, whole numbers, truth and doubles that no shorter float holds."""
    if isinstance(value, bool) or value is None:
        return {False: b'\xf4', True: b'\xf5', None: b'\xf6'}[value]
    if isinstance(value, int):
        return _written(0, value) if value >= 0 else _written(1, -1 - value)
    if isinstance(value, float):
        form, head = next(both for both in (('>e', b'\xf9'), ('>f', b'\xfa'), ('>d', b'\xfb'))
                          if both[0] == '>d' or _fits(value, both[0]))
        return head + struct.pack(form, value)
    if isinstance(value, (str, bytes)):
        data = value.encode() if isinstance(value, str) else value
        return _written(3 if isinstance(value, str) else 2, len(data)) + data
    if isinstance(value, list):
        return _written(4, len(value)) + b''.join(encoded(item) for item in value)
    pairs = sorted((encoded(key), encoded(item)) for key, item in value.items())
    return _written(5, len(pairs)) + b''.join(key + item for key, item in pairs)


def _written(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    low = next(low for low in (24, 25, 26, 27) if number < 1 << (8 << (low - 24)))
    return bytes([major << 5 | low]) + number.to_bytes(1 << (low - 24), 'big')
