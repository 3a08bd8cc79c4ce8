"""The ledger: every record in order, and the tree over the leaves against the frontier in the ring root (RFC 6962)."""
import hashlib
import struct

from sealing import derive, must
from strict_cbor import decoded


def leaf_hash(data):
    return hashlib.sha256(b'\x00' + data).digest()


def tree_root(hashes):
    """RFC 6962, section 2.1, over what are leaf hashes already."""
    if not hashes:
        return hashlib.sha256(b'').digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b'\x01' + tree_root(hashes[:split]) + tree_root(hashes[split:])).digest()


def full_subtrees(hashes):
    roots, start = [], 0
    for bit in reversed(range(len(hashes).bit_length())):
        if len(hashes) >> bit & 1:
            roots.append(tree_root(hashes[start:start + (1 << bit)]))
            start += 1 << bit
    return roots


def ledger_of(vault):
    said = vault.ring['l']
    records, numbers = [], []
    for row_id in sorted(row_id for table, row_id in vault.rows if table == 'ledger'):
        (first,) = struct.unpack('>Q', row_id[:8])
        must(first == len(records), 'a gap in the ledger')
        plain = vault.row('ledger', row_id, derive('amanat/ledger-row/1', said['k'], row_id))
        must(len(plain) <= 48000, 'a ledger row too large')
        records += decoded(plain)
        numbers.append((row_id, first))
    must(len(records) == said['r'], 'a ledger of another length')
    if said['t'] is not None:
        must(numbers[-1] == (said['t'], said['o']), 'another row of the ledger is the open one')
    return commits_in(records, said)


def commits_in(records, said):
    """Each header stands before its entries. Answers (header, entries, number of the header's record) for each leaf."""
    commits, headers, at = [], [], 0
    while at < len(records):
        leaf, kind, data = records[at]
        must((leaf, kind) == (len(headers), 0), 'a record that is not the header of the next leaf')
        header = decoded(data)
        own = records[at + 1:at + 1 + header['n']]
        must(len(own) == header['n'], 'a leaf without all of its entries')
        for number, entry_kind, entry in own:
            must((number, entry_kind) == (leaf, 1), 'a record that is not an entry of its leaf')
            must(len(entry) <= 4096, 'an entry too large')
        must((header['v'], header['i']) == (1, leaf), 'a header of another commit')
        must(header['r'] == tree_root([leaf_hash(entry) for _, _, entry in own]), 'entries the header does not stand for')
        commits.append((header, [decoded(entry) for _, _, entry in own], at))
        headers.append(data)
        at += 1 + header['n']
    must(len(headers) == said['n'], 'another number of leaves')
    hashes = [leaf_hash(data) for data in headers]
    must(said['f'] == struct.pack('>Q', len(hashes)) + b''.join(full_subtrees(hashes)), 'another frontier')
    return commits, tree_root(hashes)


def check_days(commits, ring):
    """From the record that the ring names for a day, all entries of that day can be read."""
    days = dict(ring['w'])
    must(len(days) <= 100, 'more days than a hundred')
    for header, _, number in commits:
        day = header['at'] // 86400000
        must(day not in days or days[day] <= number, 'a day that begins before the record it is said to begin at')
    verified = [entry['epoch'] for _, own, _ in commits for entry in own if entry['type'] == 'verified']
    must(ring['e'] == max(verified, default=1), 'another epoch was verified last')
