/**
 * The names of the invented people, as lists that are put together by chance: in the letters of London's telephone books and as they
 * are written at home. Nobody's name was copied; that somebody is called so somewhere can't be helped.
 */

/** Given names and family names that go together. */
export interface Naming {
  readonly given: readonly string[]
  readonly family: readonly string[]
}

const PERSIAN: Naming = {
  given:
    words(`سارا امید لیلا رضا مینا کاوه شیرین بابک نسرین آرش پریسا حمید رؤیا سیاوش مهسا علی‌رضا زیبا فرهاد گلنار بهروز
    یاسمن کیان آزاده مهدی نازنین‌زهرا محمدحسین`),
  family:
    words(`کریمی احمدی رحیمی نیک‌پور تهرانی صادقی کاظمی شیرازی گلستانی بهرامی زند فراهانی جعفری یزدانی پورحسن نیک‌خواه
    حسینی‌نژاد میرزایی‌تبریزی`),
}

const PERSIAN_IN_LATIN: Naming = {
  given: words(
    'Sara Omid Leila Reza Mina Kaveh Shirin Babak Nasrin Arash Parisa Hamid Roya Siavash Mahsa Golnar Behrouz',
  ),
  family: words('Karimi Ahmadi Rahimi Nikpour Tehrani Sadeghi Kazemi Shirazi Golestani Bahrami Zand Farahani Yazdani'),
}

const ARABIC: Naming = {
  given: words('ليلى يوسف أمل كريم هدى طارق نور سمير رانية خالد مريم بلال سلمى زياد'),
  family: words('الخطيب حدّاد منصور صالح ناصر المصري خوري زكي البغدادي'),
}

const ARABIC_IN_LATIN: Naming = {
  given: words('Layla Yousef Amal Karim Huda Tariq Noor Samir Rania Khalid Maryam Bilal Salma Ziad'),
  family: words('Al-Khatib Haddad Mansour Saleh Nasser Al-Masri Khoury Zaki'),
}

const ENGLISH: Naming = {
  given: words(
    'Emily James Grace Oliver Zoë Thomas Hannah Daniel Chloe Peter Ruth Siân Marcus Alice Joan Winston Imogen',
  ),
  family: words(
    "Clarke Walker Bennett O'Connor Wright Hughes Turner Mitchell Campbell Fox-Pitt Featherstonehaugh Lamb",
  ),
}

const WEST_AFRICAN: Naming = {
  given: words('Adaeze Kwame Ngozi Kofi Amara Tunde Abena Chidi Yetunde Sefu'),
  family: words('Okafor Mensah Adeyemi Boateng Nwosu Diallo Sesay'),
}

const SOUTH_ASIAN: Naming = {
  given: words('Priya Arjun Farah Imran Meera Nadeem Anika Rohan Sumaira Faisal'),
  family: words('Rahman Chowdhury Patel Qureshi Iyer Siddiqui Banerjee'),
}

const EASTERN_EUROPEAN: Naming = {
  given: words('Zofia Marek Ilinca Bogdan Oksana Milena Tomasz Ioana'),
  family: words('Nowak Kowalczyk Ionescu Shevchenko Petrović Dvořáková'),
}

/** One more often than another, as in a centre whose first language is Persian. */
export const NAMINGS: readonly Naming[] = [
  ...[PERSIAN, PERSIAN, PERSIAN, PERSIAN_IN_LATIN, PERSIAN_IN_LATIN],
  ...[ARABIC, ARABIC_IN_LATIN, ENGLISH, ENGLISH, WEST_AFRICAN, SOUTH_ASIAN, EASTERN_EUROPEAN],
]

/** What old address books have beside a number, and no purpose needs. */
export const NOTES: readonly string[] = [
  'Nowruz concert, door list',
  'Kitchen volunteer on Fridays',
  'Asked about Ramadan prayer times, once',
  'Spoke at the book fair, no need to call',
  'پرسید کلاس فارسی کی شروع می‌شود',
  'شماره را خانم رحیمی داد',
  'Borrowed two chairs, brought them back',
  'Works nights; do not ring before noon',
]

function words(text: string): readonly string[] {
  return text.split(/[ \n]+/)
}
