/** The pictures beside words: drawn on a grid of 24, in the colour of the text. They say nothing that the words don't. */
const PATHS = {
  people: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 9c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 14c3 .5 4 3 4 6',
  person: 'M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm-8 9c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5',
  sign: 'M4 20h16M5 16l1-4L15.5 2.5l3 3L9 15l-4 1Z',
  bring: 'M12 3v12m0 0 4-4m-4 4-4-4M4 17v3h16v-3',
  hand: 'M12 15V3m0 0 4 4m-4-4L8 7M4 17v3h16v-3',
  calendar: 'M4 6h16v14H4V6Zm0 4h16M8 3v4m8-4v4',
  settings: 'M4 7h10m4 0h2M4 17h2m4 0h10M16 4.5v5M8 14.5v5',
  lock: 'M6 11h12v9H6v-9Zm2.5 0V7.5a3.5 3.5 0 0 1 7 0V11',
  eye: 'M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12Zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  check: 'm5 12.5 4.5 4.5L19 7',
  cross: 'm6 6 12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5',
  back: 'm14 5-7 7 7 7',
  next: 'm10 5 7 7-7 7',
  down: 'm5 9 7 7 7-7',
  note: 'M12 8h.01M11 12h1v5h1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM6 6l12 12',
  soon: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.5 2',
  gone: 'M5 7h14M10 7V4h4v3m-8 0 1 13h10l1-13',
  record: 'M6 3h12v18H6V3Zm3 5h6m-6 4h6m-6 4h3',
  walk: 'm5 4 15 8-15 8V4Z',
  key: 'M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm4-4h9v3m-4-3v3',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18Z',
  code: 'm8 7-5 5 5 5m8-10 5 5-5 5M14 4l-4 16',
  phone: 'M6 3h4l2 5-2.5 2a12 12 0 0 0 5 5l2-2.5 5 2v4c0 1-1 2-2 2A17 17 0 0 1 4 5c0-1 1-2 2-2Z',
  mail: 'M3 5h18v14H3V5Zm0 1 9 7 9-7',
} as const

export type IconName = keyof typeof PATHS

/** @param turns whether it points along the line, and therefore the other way where lines run from right to left */
export function Icon({ name, size = 20, turns = false }: { name: IconName; size?: number; turns?: boolean }) {
  return (
    <svg
      aria-hidden="true"
      className={turns ? 'turns' : undefined}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
