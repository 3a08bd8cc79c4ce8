// What people and programs write over a column, in English, German, French and Persian, one place each. Words for
// home, work and other are taken off first (see places.ts), so `Straße geschäftlich 2` is found under `straße`.
import type { CsvPlace } from './places'

export const WORDS: Partial<Record<CsvPlace, string>> = {
  name:
    'name|full name|fullname|display name|contact|contact name|formatted name|vollstandiger name|anzeigename|nom complet|nom affiche|' +
    'نام کامل|نام و نام خانوادگی|نام و فامیل|اسم|نام نمایشی',
  given: 'first name|firstname|given name|forename|given|first|vorname|prenom|نام|نام کوچک|fname',
  given2:
    'middle name|middle|additional name|weitere vornamen|zweiter vorname|deuxieme prenom|autres prenoms|نام میانی|نام دوم|other names',
  surname:
    'last name|lastname|family name|surname|family|last|lname|nachname|familienname|nom de famille|نام خانوادگی|فامیل|فامیلی|نام فامیل',
  title: 'name prefix|prefix|salutation|individual prefix|anrede|civilite|honorific|پیشوند|پیشوند نام',
  credential: 'name suffix|suffix|individual suffix|namenszusatz|suffixe|پسوند|پسوند نام',
  phoneticGiven: 'phonetic first name|phonetic first|given name yomi|given yomi|vorname yomi|prenom yomi',
  phoneticGiven2: 'phonetic middle name|phonetic middle|additional name yomi',
  phoneticSurname: 'phonetic last name|phonetic last|family name yomi|surname yomi|nachname yomi|nom yomi',
  nickname: 'nickname|nicknames|nick name|spitzname|surnom|لقب|نام مستعار',
  organization:
    'organization name|organization|organisation|company|company name|employer|current employer|account name|firma|' +
    'unternehmen|societe|entreprise|سازمان|شرکت|نام شرکت|associated company|primary associated company',
  unit: 'organization department|department|abteilung|service|departement|بخش|واحد|دپارتمان',
  jobTitle:
    'organization title|job title|jobtitle|position|title|berufsbezeichnung|stellung|fonction|poste|titre professionnel|سمت|شغل|عنوان شغلی',
  role: 'profession|occupation|role|beruf|حرفه|پیشه',
  hobby: 'hobby|hobbies|passe temps|سرگرمی|سرگرمی ها',
  phone:
    'phone|phone number|phones|other phones|telephone|telephone number|tel|number|landline|landline number|whatsapp|' +
    'phone no|phone nr|contact no|contact number|contact phone|telephone no|telephone nr|tel number|' +
    'telefon|telefonnummer|rufnummer|festnetz|tel no|tel nr|numero de telephone|phone phone|' +
    'تلفن|شماره|شماره تلفن|شماره تماس|تلفن ثابت',
  mobile:
    'mobile|mobile no|mobile nr|mob|mob no|cell no|cell number|cell phone number|mobile tel|mobile phone|mobile phone number|mobile number|cell|cell phone|cellphone|cellular|sms|iphone|i phone|phone mobile|' +
    'mobiltelefon|mobil|mobilnummer|handy|handynummer|natel|tel mobile|telephone mobile|telephone portable|portable|mobil telefon|mobilfunk|mobilfunknummer|handynr|handy nr|numero de portable|numero portable|' +
    'موبایل|تلفن موبایل|شماره تلفن همراه|شماره گوشی|شماره موبایل|همراه|تلفن همراه|شماره همراه|گوشی',
  email:
    'email|e mail|email id|e mail id|mail id|email addresses|e mail addresses|e mails|primary e mail|secondary e mail|email address|e mail address|mail|emails|other emails|emailadresse|e mail adresse|mailadresse|e mail value|' +
    'adresse de messagerie|adresse de courrier|adresse e mail|adresse mail|adresse email|courriel|primary email|secondary email|' +
    'ایمیل|رایانامه|پست الکترونیک|پست الکترونیکی|آدرس ایمیل|نشانی ایمیل|نشانی پست الکترونیکی|آدرس پست الکترونیک|نشانی پست الکترونیک',
  address:
    'address|postal address|mailing address|full address|anschrift|adresse|postanschrift|adresse postale|نشانی|آدرس|نشانی پستی',
  street:
    'street|street address|address street|address line|street line|mailing street|strasse|strasse und hausnummer|rue|voie|خیابان|supplemental address',
  extended: 'extended address|address extended|apartment|suite|unit number|adresszusatz|complement d adresse',
  postOfficeBox: 'po box|p o box|address po box|post office box|postfach|boite postale|b p|bp|صندوق پستی',
  locality: 'city|town|address city|mailing city|ort|stadt|wohnort|ville|localite|commune|شهر',
  region:
    'region|county|state|province|state region|state province|address state|mailing state|mailing state province|bundesland|bundesland kanton|' +
    'kanton|dep region|departement region|etat|استان|ایالت|استان ایالت',
  postcode:
    'postcode|post code|zipcode|pin code|pincode|eircode|postal code|zip|zip code|zip postal code|address zip|address postal code|mailing zip|mailing postal code|mailing zip postal code|' +
    'postleitzahl|plz|code postal|cp|کد پستی|کدپستی',
  country:
    'country|country region|address country|mailing country|land|land region|staat|pays|pays region|کشور|کشور منطقه|country name',
  url: 'website|web site|url|web page|webpage|homepage|home page|website url|blog|webseite|internetseite|page web|site web|site internet|وب سایت|وبسایت|صفحه وب|linkedin url|linkedin',
  im: 'im|imaddress|im address|instant messaging|screen name',
  birthday:
    'birthday|date of birth|birth date|birthdate|dob|geburtstag|geburtsdatum|date de naissance|تاریخ تولد|تولد|روز تولد',
  birthYear: 'birth year|year of birth|geburtsjahr|annee de naissance|سال تولد',
  birthMonth: 'birth month|month of birth|geburtsmonat|mois de naissance|ماه تولد',
  birthDay: 'birth day|day of birth|jour de naissance',
  event: 'anniversary|wedding anniversary|jahrestag|hochzeitstag|anniversaire de mariage ou fete|سالگرد|سالگرد ازدواج',
  spouse: 'spouse|husband|wife|ehepartner|conjoint e|conjoint|همسر',
  child: 'children|child|kinder|enfants|فرزندان|فرزند',
  note: 'notes|note|note s|comment|comments|remarks|description|notizen|notiz|bemerkung|bemerkungen|kommentar|remarques|commentaires|یادداشت|یادداشت ها|توضیحات|ملاحظات',
  keywords:
    'labels|label|tags|tag|tag s|group s|groups|group|categories|category|group membership|kategorien|kategorie|gruppen|mots cles|categorie|libelles|برچسب|برچسب ها|گروه|گروه ها|دسته|دسته ها|دسته بندی',
  photo: 'photo|image url|photo url|picture|foto|عکس',
  uid: 'uid',
  language: 'language|preferred language|sprache|langue|زبان',
  ignore: 'file as|destroy by|e mail type|e mail typ|type de messagerie',
}

/** Numbers that are no mobile and no plain phone: how Outlook calls them, and the label that says so. */
export const PHONES: Readonly<Record<string, string>> = {
  fax: 'Fax',
  'fax number': 'Fax',
  telefax: 'Fax',
  faxnummer: 'Fax',
  telecopie: 'Fax',
  telecopieur: 'Fax',
  فکس: 'Fax',
  نمابر: 'Fax',
  دورنگار: 'Fax',
  'fax nummer': 'Fax',
  pager: 'Pager',
  'pager number': 'Pager',
  'pager nummer': 'Pager',
  'recepteur de radiomessagerie': 'Pager',
  پیجر: 'Pager',
  'primary phone': 'Main',
  'main phone': 'Main',
  haupttelefon: 'Main',
  'telephone principal': 'Main',
  'تلفن اصلی': 'Main',
  'company main phone': 'Company',
  'telefon firma': 'Company',
  'telephone societe': 'Company',
  'تلفن شرکت': 'Company',
  'car phone': 'Car',
  autotelefon: 'Car',
  'telephone voiture': 'Car',
  'تلفن خودرو': 'Car',
  'assistant s phone': 'Assistant',
  'assistant phone': 'Assistant',
  'telefon assistent': 'Assistant',
  'telephone de l assistant e': 'Assistant',
  'تلفن دستیار': 'Assistant',
  callback: 'Callback',
  ruckmeldung: 'Callback',
  rappel: 'Callback',
  'radio phone': 'Radio',
  'radio telephone': 'Radio',
  isdn: 'ISDN',
  rnis: 'ISDN',
  telex: 'Telex',
  'tty tdd phone': 'TTY',
  'telefon fur horbehinderte': 'TTY',
  'telephone tdd tty': 'TTY',
  whatsapp: 'WhatsApp',
}

/** Services, and what they are called. */
export const SERVICES: Readonly<Record<string, string>> = {
  skype: 'Skype',
  'skype id': 'Skype',
  'skype name': 'Skype',
  telegram: 'Telegram',
  'telegram id': 'Telegram',
  تلگرام: 'Telegram',
  icq: 'ICQ',
  'icq id': 'ICQ',
  aim: 'AIM',
  'aim id': 'AIM',
  msn: 'MSN',
  'msn id': 'MSN',
  qq: 'QQ',
  'qq id': 'QQ',
  'irc id': 'IRC',
  jabber: 'Jabber',
  xmpp: 'Jabber',
  'google id': 'Google Talk',
  'google talk': 'Google Talk',
}

/** What says that a column is about home, work, or some other place. */
export const HOME_WORDS =
  'home|personal|private|privat|privee|prive|du domicile|domicile|perso|personnelle|personnel|منزل|خانه|شخصی'
export const WORK_WORDS =
  'work|business|office|geschaftlich|dienstlich|buro|bureau|professionnelle|professionnel|travail|محل کار|کسب و کار|تجاری|اداره|کار'
export const OTHER_WORDS = 'other|general|weiteres e|weiteres r|weiterer|weiteres|weitere|autre|سایر|دیگر'
