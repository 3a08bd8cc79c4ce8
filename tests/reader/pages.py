"""Pages and heads: the slices of every contact, and whether each head says the same as its page."""
import math
import struct

from sealing import fingerprint, must
from strict_cbor import decoded

KINDS = ('requested', 'given', 'renewed', 'refused', 'withdrawn', 'lowered')
STATES = {'requested': 0, 'given': 1, 'renewed': 1, 'refused': 2, 'withdrawn': 3}
POINTS = {1: 'phone', 2: 'email', 3: 'ref'}


def slices_in(plain):
    codec, zero, count = struct.unpack_from('<BBH', plain)
    must((codec, zero) == (1, 0), 'no page of codec 1')
    must(len(plain) <= 59000, 'a page too large')
    offsets = struct.unpack_from(f'<{count + 1}I', plain, 4)
    must(offsets[0] == 4 + 4 * (count + 1) and offsets[-1] == len(plain), 'offsets that leave a gap')
    must(list(offsets) == sorted(offsets), 'offsets out of order')
    return [decoded(plain[start:end]) for start, end in zip(offsets, offsets[1:])]


def head_of(plain):
    form, zero, slices, consents, points, names = struct.unpack_from('<BBHIII', plain)
    must((form, zero) == (1, 0), 'no head of format 1')
    must(len(plain) <= 59000, 'a head too large')
    at_consents = 16 + 48 * slices
    at_points = at_consents + 32 * consents
    at_names = at_points + 12 * points
    must(len(plain) == at_names + names, 'a head of another length')
    found = []
    for at in range(16, at_consents, 48):
        (contact, flags, n_consents, first_consent, first_point, n_points, name_bytes, name_at, revision, created,
         nothing) = struct.unpack_from('<16sHHIIHHIIII', plain, at)
        must(flags < 16 and nothing == 0 and name_bytes <= 512, 'a slice in a head that is not of format 1')
        found.append({
            'contact': contact, 'flags': flags, 'revision': revision, 'created': created,
            'name': plain[at_names + name_at:at_names + name_at + name_bytes].decode(),
            'consents': [struct.unpack_from('<HHBBHddd', plain, at_consents + 32 * n)
                         for n in range(first_consent, first_consent + n_consents)],
            'points': [struct.unpack_from('<B3s8s', plain, at_points + 12 * n)
                       for n in range(first_point, first_point + n_points)],
        })
    return found


def check_head(head, slices, point_key):
    must(len(head) == len(slices), 'a head with other slices than its page')
    for said, known in zip(head, slices):
        must(said['contact'] == known['i'], 'a head in another order than its page')
        latest, quarantined = known.get('l') is True, 'q' in known
        must(said['flags'] & 3 == latest + 2 * quarantined, 'flags of another slice')
        must(bool(said['flags'] & 4) == bool(said['name']), 'a name without its flag, or a flag without a name')
        must(bool(said['flags'] & 8) == ('f' in known), 'a ref that the head has and the page not, or the reverse')
        if latest:
            must(said['revision'] == known['r'], 'a head of another revision')
            must(said['created'] == known['c'] // 86400000, 'a head created on another day')
        points = points_of(known)
        for kind, zeros, value in said['points']:
            must(kind in POINTS and zeros == bytes(3), 'a point of an unknown kind')
            texts = [text for name, text in points if name == POINTS[kind]]
            must(any(fingerprint('amanat/point/1', point_key, 8, POINTS[kind].encode(), text.encode()) == value
                     for text in texts), f'a {POINTS[kind]} in the head that is not in the page')
        must(len(said['points']) == len(points), 'a point in the page that is not in the head')
        check_consents(said['consents'], known)


def points_of(known):
    """Numbers and addresses of the golden vaults are written the plain way: no reading of other ways in here."""
    fields = known.get('d', {})
    found = [('phone', entry['number'].replace(' ', '')) for entry in fields.get('phones', {}).values()]
    found += [('email', entry['address']) for entry in fields.get('emails', {}).values()]
    return found + ([('ref', known['f'])] if 'f' in known else [])


def check_consents(said, known):
    """In a slice stand events of a purpose; in its head what they come to."""
    for purpose, scope, state, assurance, nothing, given, until, _asked in said:
        must(nothing == 0 and state <= 3 and assurance <= 3, 'a consent in a head that is not of format 1')
        events = [events for number, events in known.get('n', []) if number == purpose]
        must(len(events) == 1, 'a consent in the head that is not in the page')
        permits = [event for event in events[0] if event['k'] in (1, 2)]
        latest = next(event for event in reversed(events[0]) if event['k'] != 5)
        must(STATES[KINDS[latest['k']]] == state, 'a consent of another state in the head')
        if state == 1:
            must(permits[-1]['p'] == scope, 'a consent of another scope in the head')
            must(permits[-1]['a'] == given and permits[-1]['z'] == until, 'a consent of another date in the head')
        else:
            must(scope == 65535 and math.isnan(given) and math.isnan(until), 'a consent that permits nothing, with a date')
