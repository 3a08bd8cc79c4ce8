"""Rows, the ring and the days: from the root key and the cell to the plaintext of every row that can be opened."""
import struct

from sealing import derive, fingerprint, must, opened, u32, u64, unpadded
from slots import settled
from strict_cbor import decoded

TABLES = ('slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'ledger', 'exports')
DATED = ('heads', 'pages', 'blobs', 'exports')
UNDATED = 0xFFFFFFFF


class Opened:
    """A vault that is open, and which of its rows were opened on the way."""

    def __init__(self, root, rows, halves, root_key):
        must(root[:8] == b'AMNR\x01\x00\x00\x00', 'no root of format 1')
        self.id = root[8:24]
        self.rows = rows
        self.read = set()
        self.record = settled(halves, root, self.id)
        key = derive('amanat/ring-root/1', root_key, self.record.secret, u64(self.record.epoch))
        self.ring = decoded(opened(key, root[68:], root[:64]))
        must(self.ring['v'] == 1, 'FORMAT_TOO_NEW')
        self._days = {}
        self._ratchet = (self.record.tick, self.record.ratchet)

    def day(self, day):
        """D(t) = derive('amanat/day/1', S(t))."""
        tick, secret = self._ratchet
        must(day - self.record.tick <= 36600, 'a day too far ahead')
        must(day >= self.record.tick, 'a day that has passed')
        while tick <= day:
            self._days[tick] = derive('amanat/day/1', secret)
            tick, secret = tick + 1, derive('amanat/ratchet/1', secret)
            self._ratchet = (tick, secret)
        return self._days[day]

    def row(self, table, row_id, secret):
        must((table, row_id) in self.rows, f'a row of {table} that is not there')
        bucket, sealed = self.rows[table, row_id]
        must((table in DATED) == (bucket != UNDATED), f'a row of {table} in a wrong bucket')
        must(len(sealed) <= 60000, 'a row too large')
        label = f'amanat/row/{table}/1'
        key = derive(label, secret, self.day(bucket)) if table in DATED else derive(label, secret)
        aad = bytes([1, TABLES.index(table)]) + self.id + row_id + u32(bucket)
        self.read.add((table, row_id))
        return unpadded(opened(key, sealed, aad))

    def dated(self, table, row_id, secret, bucket):
        """A row whose bucket is said elsewhere too."""
        must(self.rows.get((table, row_id), (bucket,))[0] == bucket, f'a row of {table} moved to another day')
        return self.row(table, row_id, secret)

    def chunks(self):
        """What the ring lists: (table, slices, bucket, bytes of records, id, secret)."""
        listed = self.ring['c']
        must(len(listed) % 48 == 0, 'half a chunk')
        for at in range(0, len(listed), 48):
            plain = self.row('ring', listed[at:at + 16], listed[at + 16:at + 48])
            version, zero, count = struct.unpack_from('<BBH', plain)
            must((version, zero) == (1, 0) and count <= 100, 'no chunk of format 1')
            must(len(plain) == 4 + 60 * count, 'a chunk of another length')
            for entry in range(4, len(plain), 60):
                table, nothing, slices, bucket, size, row_id, secret = struct.unpack_from('<BBHII16s32s', plain, entry)
                must(table in (0, 1) and nothing == 0, 'a chunk with an unknown table')
                if bucket >= self.record.tick:
                    yield ('pages', 'exports')[table], slices, bucket, size, row_id, secret

    def undated(self):
        for kind, row_id, secret in self.ring['u']:
            yield kind, self.row('undated', row_id, secret)

    def document(self, reference):
        if 'content' in reference:
            must(len(reference['content']) <= 512, 'a document too large for its slice')
            return reference['content']
        pieces = [self.dated('blobs', row_id, derive('amanat/piece/1', reference['secret'], u32(n)), reference['bucket'])
                  for n, row_id in enumerate(reference['pieces'])]
        must(all(len(piece) <= 56000 for piece in pieces), 'a piece too large')
        whole = b''.join(pieces)
        must(len(whole) == reference['size'], 'a document of another size')
        return whole


def fingerprints_in(plain):
    """The entries of a `left` or `quarantined` row."""
    version, zero, count = struct.unpack_from('<BBH', plain)
    must((version, zero) == (1, 0) and count <= 1000 and len(plain) == 4 + 12 * count, 'no row of fingerprints')
    found = [struct.unpack_from('<HBBII', plain, at) for at in range(4, len(plain), 12)]
    for _, bits, nothing, _, value in found:
        must(8 <= bits <= 24 and nothing == 0 and value < 1 << bits, 'a fingerprint of too many bits')
    must([one[4] for one in found] == sorted(one[4] for one in found), 'fingerprints out of order')
    return [{'purpose': purpose, 'bits': bits, 'week': week, 'value': value} for purpose, bits, _, week, value in found]


def weeks_of(vault, kind, entries, point, purpose):
    """The weeks in which this contact point may have been put there."""
    label = f'amanat/{kind}/1'
    (value,) = struct.unpack('<I', fingerprint(label, vault.ring['s'], 8, u32(purpose), point.encode())[:4])
    return [entry['week'] for entry in entries
            if entry['purpose'] == purpose and entry['value'] == value & ((1 << entry['bits']) - 1)]


def slot_listed(ring, row_id):
    return next((slot for slot in ring['k'] if slot['i'] == row_id), None)
