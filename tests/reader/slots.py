"""Slots and the cell: how the root key R, the epoch secret E and the ratchet S are had."""
import struct
import unicodedata
from collections import namedtuple

from argon2.low_level import Type, hash_secret_raw

from sealing import derive, fingerprint, hashed, must, opened, u64
from xwing import KeyPair

KINDS = {1: 'passphrase', 2: 'secretKey', 3: 'recoveryCode'}
SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

Slot = namedtuple('Slot', 'kind root_key public')
Record = namedtuple('Record', 'epoch secret tick ratchet seen jump seq half whole')


def code_symbols(code):
    text = code.upper().replace('-', '').replace(' ', '').replace('O', '0').replace('I', '1').replace('L', '1')
    must(len(text) == 35 and all(symbol in SYMBOLS for symbol in text), 'no recovery code')
    number = 0
    for symbol in text[:34]:
        number = number * 32 + SYMBOLS.index(symbol)
    must(number % 37 == SYMBOLS.index(text[34]), 'a recovery code with a typing error')
    return text[:34].encode()


def open_slot(row, vault, openings):
    """The root key, where one of the openings is of this slot's kind; else None."""
    must(len(row) == 1252, 'a slot has 1252 bytes')
    magic, form, kind, passes, memory = struct.unpack_from('<4sBBHI', row)
    must(magic == b'AMSL' and form == 1 and kind in KINDS, 'no slot of format 1')
    given = openings.get(KINDS[kind])
    if given is None:
        return None
    if kind == 1:
        must(65536 <= memory <= 1048576 and 1 <= passes <= 16, 'a cost out of bounds')
        text = unicodedata.normalize('NFC', given).encode()
        material = hash_secret_raw(text, row[12:28], passes, memory, 1, 32, Type.ID, 19)
    else:
        must(passes == 0 and memory == 0, 'a cost where there is none')
        material = bytes.fromhex(given) if kind == 2 else hashed('amanat/recovery-code/1', code_symbols(given))
    pair = KeyPair(derive('amanat/slot-seed/1', material, row[4:28]))
    shared = pair.decapsulate(row[28:1148])
    commitment = derive('amanat/slot-commitment/1', shared, row[:1148], vault)
    must(commitment == row[1148:1180], 'the slot is committed to another secret')
    key = derive('amanat/slot-wrap/1', shared, row[:1148], vault)
    return Slot(KINDS[kind], opened(key, row[1180:], row[:1180] + vault), pair.public)


def record_of(half, number, vault):
    """The record that a half holds, or None when it is free."""
    must(len(half) == 4096, 'a half has 4096 bytes')
    sectors = [half[at:at + 512] for at in range(0, 4096, 512)]
    good = [sector for sector in sectors
            if sector[:4] == b'AMNC' and hashed('amanat/cell/1', sector[:120]) == sector[120:152]]
    if not good:
        for sector in sectors:
            must(sector[:24] == b'AMNF\x01\x00\x00\x00' + vault, 'a half that is neither free nor a record')
            must(hashed('amanat/cell-free/1', sector[:480]) == sector[480:], 'a free sector with a wrong checksum')
        return None
    sector = good[0]
    must(all(other == sector for other in good), 'sectors of one half that differ')
    must(sector[4:24] == b'\x01\x00\x00\x00' + vault, 'a cell of another vault or format')
    must(not any(sector[152:]), 'something behind the record')
    epoch, secret, tick, ratchet, seen, jump, seq = struct.unpack_from('<Q32sI32sdIQ', sector, 24)
    return Record(epoch, secret, tick, ratchet, seen, jump, seq, number, len(good) == 8)


def settled(halves, root, vault):
    """The record that the root names. It only looks: a reader writes nothing."""
    records = [record for record in (record_of(half, n, vault) for n, half in enumerate(halves)) if record]
    own = [record for record in records
           if fingerprint('amanat/epoch-commitment/1', record.secret, 32, vault, u64(record.epoch)) == root[32:64]]
    must(own, 'CELL_STALE: no record of the cell is the one the root names')
    record = max(own, key=lambda one: (one.tick, one.seq))
    must(record.epoch == struct.unpack_from('<Q', root, 24)[0], 'a cell of another epoch')
    must(struct.unpack_from('<I', root, 64)[0] <= record.tick, 'CELL_STALE: a root with a later tick')
    return record
