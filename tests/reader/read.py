"""A second reader, written from docs/format.md alone, in another language, on other people's cryptography.

    python3 read.py < dumps.json

It reads a list of dumps. Each has `root`, `cell` (two halves), `rows` ({table, id, bucket, bytes}) in base64 and `openings` (a passphrase, a
secret key in hexadecimal, a recovery code); `guesses` are contact points to try against who left. It prints a list of
`{read}`, which is what is in the vault, or `{unsound}`, what isn't as the page says. It writes nothing, settles nothing,
and reads phone numbers only as the golden vaults write them.
"""
import base64
import hashlib
import json
import sys

from ledger import check_days, leaf_hash, ledger_of, tree_root
from pages import KINDS, check_head, head_of, slices_in
from sealing import Unsound, hashed, must
from slots import open_slot
from strict_cbor import decoded, encoded
from vault_rows import Opened, UNDATED, fingerprints_in, slot_listed, weeks_of

CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'


def contact_id(raw):
    """26 letters: five bits each from the first on, the last filled up with two zeros."""
    number = int.from_bytes(raw, 'big') << 2
    return ''.join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def plain(value):
    """CBOR as JSON: bytes in hexadecimal."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def root_key_of(rows, vault, openings):
    """Every slot that can be opened must give the same key."""
    slots = [(row_id, data, open_slot(data, vault, openings))
             for (table, row_id), (bucket, data) in rows.items() if table == 'slots' and bucket == UNDATED]
    must(len(slots) <= 8, 'too many slots')
    keys = {slot.root_key for _, _, slot in slots if slot}
    must(len(keys) == 1, 'no slot opens, or they differ')
    return keys.pop(), slots


def check_slots(vault, slots):
    for row_id, data, slot in slots:
        listed = slot_listed(vault.ring, row_id)
        must(listed, 'a slot that somebody else put there')
        must(listed['h'] == hashed('amanat/slot-row/1', data), 'another slot than the ring lists')
        must(slot is None or slot.public == listed['p'], 'another public key than the ring lists')
        vault.read.add(('slots', row_id))
    must(len(slots) == len(vault.ring['k']), 'a slot that is gone')
    return [{'kind': slot and slot.kind, 'label': slot_listed(vault.ring, row_id)['l']} for row_id, _, slot in slots]


def undated_of(vault):
    found = {'policy': None, 'history': [], 'catalogue': [], 'notices': [], 'left': [], 'quarantined': []}
    for kind, data in vault.undated():
        if kind in ('left', 'quarantined'):
            found[kind] += fingerprints_in(data)
        elif kind == 'policy-history':
            past = decoded(data)
            found['history'].append({**past, 'policy': decoded(past['policy'])})
        elif kind == 'notice':
            found['notices'].append(decoded(data))
        elif kind == 'catalogue':
            found['catalogue'].append(decoded(data))
        else:
            must(kind == 'policy' and found[kind] is None, f'an undated row of the kind {kind}')
            found[kind] = decoded(data)
    found['catalogue'] = catalogue_of(found['catalogue'])
    return found


def catalogue_of(rows):
    """Its lists may go on in further rows, which say which they are."""
    rows = sorted(rows, key=lambda row: row.get('number', 0))
    must([row.get('number', 0) for row in rows] == list(range(len(rows))) and rows, 'a catalogue whose rows are not all there')
    return {of: [item for row in rows for item in row[of]] for of in ('purposes', 'scopes', 'notices')}


def event_of(event, catalogue, vault, documents):
    said = {'kind': KINDS[event['k']], 'at': event['a'], 'actor': event['x']}
    if 'h' in event:
        said['how'] = event['h']
    if event['k'] in (1, 2):
        scope = catalogue['scopes'][event['p']]
        said['until'] = event['z']
        said['fields'] = scope['fields']
        said['recipients'] = [recipient['id'] for recipient in scope['recipients']]
        if 't' in event:
            said['notice'] = catalogue['notices'][event['t']]['id']
        evidence = event.get('e', {})
        if 'blob' in evidence:
            document = vault.document(evidence['blob'])
            must(hashlib.sha256(document).digest() == evidence['sha256'], 'evidence of another hash')
            said['evidence'] = document.hex()
            documents.append(said['evidence'])
    return said


def contacts_of(vault, catalogue):
    contacts, exports, documents, slices_read = {}, [], [], 0
    for table, count, bucket, size, row_id, secret in vault.chunks():
        data = vault.dated(table, row_id, secret, bucket)
        if table == 'exports':
            listed = decoded(data)
            people = [listed['n'][at:at + 16] for at in range(0, len(listed['n']), 16)]
            exports.append({'id': listed['x'].hex(), 'piece': listed['p'], 'ids': people,
                            'people': [contact_id(one) for one in people]})
            must((count, size) == (0, len(data)), 'an export row of another size')
            continue
        slices = slices_in(data)
        must(len(slices) == count, 'a page of another number of slices')
        must(size == len(data) - 8, 'a page of another size')
        check_head(head_of(vault.dated('heads', row_id, secret, bucket)), slices, vault.ring['p'])
        slices_read += count
        for piece in slices:
            add_slice(contacts.setdefault(contact_id(piece['i']), new_contact()), piece, bucket, catalogue, vault, documents)
    must(all('latest' in contact for contact in contacts.values()), 'a contact without a latest slice')
    return contacts, exports, documents, slices_read


def check_hashes(undated, exports, entries):
    """What the ledger and the catalogue know by its hash is what lies in the vault."""
    policies = [past['policy'] for past in sorted(undated['history'], key=lambda past: past['at'])]
    hashes = [hashed('amanat/policy/1', encoded(policy)) for policy in policies + [undated['policy']['policy']]]
    said = [entry['policy'] for entry in entries if entry['type'] == 'vault-created']
    said += [entry['to'] for entry in entries if entry['type'] == 'policy-changed']
    must(hashes == said, 'the ledger names other policies')
    for listed in undated['catalogue']['notices']:
        text = next(notice['text'][listed['language']] for notice in undated['notices']
                    if (notice['id'], notice['version']) == (listed['id'], listed['version']))
        must(hashlib.sha256(text.encode()).digest() == listed['sha256'], 'a notice of another text')
    for started in entries:
        if started['type'] == 'export-started':
            own = sorted((one for one in exports if one['id'] == started['export'].hex()), key=lambda one: one['piece'])
            people = [person for one in own for person in one['ids']]
            must(len(people) == started['people'], 'an export of other people')
            must(tree_root([leaf_hash(person) for person in people]) == started['idsRoot'], 'an export of other people')


def new_contact():
    return {'card': {}, 'translations': {}, 'consents': {}, 'sources': {}, 'photos': {}, 'days': {}}


def add_slice(contact, piece, bucket, catalogue, vault, documents):
    for field, value in piece.get('d', {}).items():
        must(field not in contact['card'], 'a field in two slices')
        contact['card'][field] = plain(value)
        contact['days'][field] = bucket
    for language, texts in piece.get('t', {}).items():
        contact['translations'].setdefault(language, {}).update(plain(texts))
    contact['sources'].update(piece.get('s', {}))
    for number, events in piece.get('n', []):
        own = contact['consents'].setdefault(catalogue['purposes'][number], [])
        own += [event_of(event, catalogue, vault, documents) for event in events]
    for key, reference in piece.get('o', {}).items():
        contact['photos'][key] = vault.document(reference).hex()
        documents.append(contact['photos'][key])
    if piece.get('l') is True:
        must('latest' not in contact, 'two latest slices')
        contact['latest'] = bucket
        contact.update(revision=piece['r'], created=piece['c'], ref=piece.get('f'))
        if 'q' in piece:
            contact['quarantine'] = {'ground': piece['q'].get('m'), 'since': piece['q']['a'], 'until': piece['q']['z']}


def reading(dump):
    def raw(text):
        return base64.b64decode(text, validate=True)

    rows = {(row['table'], raw(row['id'])): (row['bucket'], raw(row['bytes'])) for row in dump['rows']}
    root = raw(dump['root'])
    root_key, slots = root_key_of(rows, root[8:24], dump['openings'])
    vault = Opened(root, rows, [raw(half) for half in dump['cell']], root_key)
    undated = undated_of(vault)
    contacts, exports, documents, slices = contacts_of(vault, undated['catalogue'])
    commits, ledger_root = ledger_of(vault)
    checked = check_slots(vault, slots)
    entries = [entry for _, own, _ in commits for entry in own]
    check_days(commits, vault.ring)
    check_hashes(undated, exports, entries)
    stopped = {kind: [weeks_of(vault, kind, undated[kind], guess['point'], guess['purpose']) for guess in guesses]
               for kind, guesses in dump.get('guesses', {}).items()}
    unread = [(table, row_id.hex(), rows[table, row_id][0]) for table, row_id in rows if (table, row_id) not in vault.read]
    must(all(bucket < vault.record.tick for _, _, bucket in unread), f'rows that nothing leads to: {unread}')
    return {
        'vault': vault.id.hex(), 'epoch': vault.record.epoch, 'tick': vault.record.tick, 'slots': checked,
        'policy': undated['policy'], 'history': undated['history'], 'catalogue': undated['catalogue'],
        'notices': undated['notices'], 'left': len(undated['left']), 'quarantined': len(undated['quarantined']),
        'stopped': stopped,
        'contacts': contacts, 'documents': len(documents),
        'exports': [{key: one[key] for key in ('id', 'piece', 'people')} for one in exports],
        'entries': entries,
        'ledger': {'leaves': len(commits), 'root': ledger_root.hex(), 'forgetting': sum(h['f'] for h, _, _ in commits)},
        'rows': len(vault.read), 'slices': slices,
    }


def answer(dump):
    try:
        return {'read': plain(reading(dump))}
    except Unsound as why:
        return {'unsound': str(why)}


if __name__ == '__main__':
    json.dump([answer(dump) for dump in json.load(sys.stdin)], sys.stdout, ensure_ascii=False)
