/**
 * Invented people whose every word stands nowhere else: what is looked for in raw bytes afterwards. All of it is plain
 * JSON, so that it can be handed to a page from outside and never lies in a file that the page is made of.
 */
import { definePolicy, type Policy } from '@amanat/vault'

export interface Told {
  readonly purpose: string
  readonly recipients?: readonly string[]
  readonly words: string
  /** What the evidence says; it is repeated until it fills more than one row. */
  readonly evidence: string
}

export interface Someone {
  readonly name: string
  readonly phone: string
  readonly email?: string
  readonly address?: string
  readonly note?: string
  readonly photo?: string
  readonly diet?: string
  readonly source: string
  readonly ref: string
  readonly consents: readonly Told[]
}

/** Who is in the story, by what happens to them. */
export interface World {
  readonly start: string
  readonly passphrase: string
  readonly spare: { readonly passphrase: string; readonly label: string }
  readonly slotLabel: string
  readonly actors: readonly [string, string]
  readonly policy: Policy
  readonly purposes: { readonly news: string; readonly care: string }
  readonly recipient: string
  /** Signs up, later for a second purpose, and stays. */
  readonly staying: Someone
  readonly second: Told
  /** Moves: everything about them is changed. */
  readonly moving: Someone
  readonly moved: Omit<Someone, 'ref' | 'source' | 'consents'>
  readonly refusing: Someone
  readonly withdrawing: Someone
  readonly erased: Someone
  readonly crowd: readonly Someone[]
  /** Never said yes. */
  readonly quarantined: Pick<Someone, 'name' | 'phone' | 'email' | 'source'>
  /** Was never here, and doesn't want to be. */
  readonly stranger: string
}

// Made for these tests with age's own key generator; nobody holds the identity.
const KEY = 'age1qqugsrqt5eyg08vnnfht3vg50ttgdtqp9c487zu24rnp8dafp5ms6kz74w'

const policy = definePolicy({
  controller: {
    name: 'Society of Velthorpe Glassblowers',
    contact: 'clerk@velthorpe-glass.example',
    address: '3 Cindermouth Row, Velthorpe',
    jurisdiction: 'GB',
    withdraw: 'Ring the Cindermouth bell twice',
  },
  region: 'GB',
  custom: { 'x:diet': 'text' },
  notices: { furnace: { version: 'fv-2', text: { en: 'We shall write to you of every kilnwarming.' } } },
  purposes: {
    'kilnwarming-letters': {
      description: { en: 'Tell you when a kilnwarming is held' },
      fields: ['name', 'phones', 'emails', 'addresses', 'notes', 'media'],
      keepFor: 'P1Y',
      recipients: {
        'quenchpost-van': {
          name: 'Quenchpost Carriers',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          ageKeys: [KEY],
          via: ['sealed-file', 'delivery'],
        },
      },
    },
    'burnsalve-visits': {
      description: 'Visit you with burnsalve when you are hurt',
      fields: ['name', 'phones', 'notes', 'x:diet'],
      keepFor: 'P2Y',
    },
  },
  bulk: { perActor: [{ people: 40, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})

const news = 'kilnwarming-letters'
const recipient = 'quenchpost-van'
const told = (words: string, evidence: string): Told => ({ purpose: news, recipients: [recipient], words, evidence })

export const world: World = {
  start: '2026-03-01T09:00:00Z',
  passphrase: 'seven umberlarks over Thrushgate, ژرفناب',
  spare: { passphrase: 'nineteen wicketfrosts behind Ollermoor', label: 'envelope in the Skarrow safe' },
  slotLabel: 'the Hobblewick desk',
  actors: ['staff:wexcombe-ardith', 'volunteer:pennystrand'],
  policy,
  purposes: { news, care: 'burnsalve-visits' },
  recipient,
  staying: {
    name: 'Zubayra Quillfeather-Oxenholme',
    phone: '+44 7700 900417',
    email: 'zubayra.quill@oxenholme-mail.example',
    address: '88 Marrowfen Steps, Velthorpe VX9 4QQ',
    note: 'Prefers letters in marbled envelopes',
    photo: 'PortraitOfZubayraInFurnacelight',
    source: 'guestbook of the Pellworm fair',
    ref: 'ledgerline-000417',
    consents: [told('Signed the marbled guestbook', 'EvidenceSheetZubayraFirst')],
  },
  second: {
    purpose: 'burnsalve-visits',
    words: 'Asked for it at the anvilgate',
    evidence: 'EvidenceRecordingZubayraSecond',
  },
  moving: {
    name: 'پرینوشاد ژیوارگان',
    phone: '۰۷۷۰۰ ۹۰۰۴۱۸',
    email: 'parinoushad@zhivaregan-post.example',
    address: 'کوچهٔ بادگیرسار، پلاک هفتادونه',
    note: 'زنگ در خراب است؛ به پنجره‌سنگی بزنید',
    photo: 'PortraitOfParinoushadAtTheLoom',
    source: 'دفتر میهمانان گلخن‌سرا',
    ref: 'ledgerline-000418',
    consents: [told('روی برگهٔ گلخن‌سرا امضا کرد', 'مدرک امضای پرینوشاد ژیوارگان')],
  },
  moved: {
    name: 'پرینوشاد سپهرداغ',
    phone: '07700 900919',
    email: 'sepehrdagh@newkiln-post.example',
    address: '12 Smelterwynd Close, Nether Velthorpe',
    note: 'Moved beside the Smelterwynd pump',
    photo: 'PortraitOfParinoushadAfterTheMove',
  },
  refusing: {
    name: 'Hesketh Brambledrake',
    phone: '+44 (0)7700 900420',
    email: 'hesketh@brambledrake-farm.example',
    source: 'raffle at Tansywick',
    ref: 'ledgerline-000420',
    consents: [told('Ticked the raffle slip', 'EvidenceSlipHesketh')],
  },
  withdrawing: {
    name: 'Ottoline Farthingmoor',
    phone: '07700-900-421',
    email: 'ottoline@farthingmoor-press.example',
    address: '5 Lanternholt Parade, Velthorpe',
    note: 'Her brother Caspianus collects the post',
    photo: 'PortraitOfOttolineAtThePress',
    source: 'stall beside Wrenfold lock',
    ref: 'ledgerline-000421',
    consents: [told('Told the Wrenfold stallkeeper', 'EvidenceCardOttoline')],
  },
  erased: {
    name: 'Ignatz Pomfreysson',
    phone: '+447700900422',
    email: 'ignatz@pomfreysson-works.example',
    note: 'Left the Drossgate choir in anger',
    diet: 'no elderparsnip whatever',
    source: 'register of the Drossgate choir',
    ref: 'ledgerline-000422',
    consents: [
      told('Wrote in the Drossgate register', 'EvidencePageIgnatz'),
      { purpose: 'burnsalve-visits', words: 'Telephoned from the Drossgate', evidence: 'EvidenceCallIgnatz' },
    ],
  },
  crowd: [
    {
      name: 'Marigold Thackerstone',
      phone: '07700 900423',
      source: 'pavement of Skelderway',
      ref: 'ledgerline-000423',
      consents: [told('Said so on Skelderway', 'EvidenceNoteMarigold')],
    },
    {
      name: 'Évariste Chênedollé-Brûlemont',
      phone: '07700 900424',
      email: 'evariste@brulemont-verre.example',
      source: 'exchange with the Brulemont kiln',
      ref: 'ledgerline-000424',
      consents: [told('Wrote from the Brulemont kiln', 'EvidenceLetterEvariste')],
    },
  ],
  quarantined: {
    name: 'Nobuhle Winterscale',
    phone: '07700 900425',
    email: 'nobuhle@winterscale-yard.example',
    source: 'overheard at the Gantryhouse',
  },
  stranger: '07700 900426',
}

/** Each text of the world by itself: what no byte may give away. */
export function textsOf(value: unknown): string[] {
  const found = new Set<string>()
  const look = (each: unknown): void => {
    if (typeof each === 'string') found.add(each)
    else if (typeof each === 'object' && each !== null) for (const part of Object.values(each)) look(part)
  }
  look(value)
  return [...found]
}

/** Words of the world's own language, which no program has in its files by itself. Of names also the single parts. */
export const secrets: readonly string[] = [
  ...new Set([
    ...textsOf([
      world.passphrase,
      world.spare,
      world.slotLabel,
      world.actors,
      world.purposes,
      world.recipient,
      world.staying,
      world.second,
      world.moving,
      world.moved,
      world.refusing,
      world.withdrawing,
      world.erased,
      world.crowd,
      world.quarantined,
      world.stranger,
    ]),
    ...textsOf(world.policy.controller).filter(text => text.length > 2),
    ...textsOf(world.policy.notices).filter(text => text.length > 6),
    ...Object.values(world.policy.purposes).flatMap(({ description }) => textsOf(description)),
    'Quenchpost Carriers',
    ...['Zubayra', 'Quillfeather', 'Oxenholme', 'پرینوشاد', 'ژیوارگان', 'سپهرداغ', 'Brambledrake', 'Farthingmoor'],
    ...['Pomfreysson', 'Thackerstone', 'Brûlemont', 'Winterscale', 'oxenholme-mail.example', 'Velthorpe'],
  ]),
]
