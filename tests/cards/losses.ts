// What the fixtures say and a card doesn't, and why. Everything else that is lost is a fault of the reader.

/** By property, or by header. */
export type Reasons = Record<string, string>

const because = (why: string, ...properties: string[]): Reasons =>
  Object.fromEntries(properties.map(property => [property, why]))

const OUTLOOK = 'a setting of Outlook for the entry, the same in every row'
const ADDRESS_NAME = 'how Outlook shows the address: the name and the address once more'
const DEAL = 'how far a sale has got: of the business, not of the person'
const WHEN = 'when the program made or changed its row'
const GUESSED = 'what the program worked out from the address on the network'

export const LOSSES: Record<string, Reasons> = {
  'google/contacts-new.csv': {
    ...because('of Google itself: `* myContacts`, `* starred`', 'Labels'),
    ...because('a field of somebody’s own, reported; a mapping gives it a place', 'Custom Field 1 - Label'),
    ...because('a field of somebody’s own, reported; a mapping gives it a place', 'Custom Field 1 - Value'),
  },
  'outlook/contacts-de.csv': {
    ...because(OUTLOOK, 'E-Mail-Typ', 'Priorität', 'Privat', 'Vertraulichkeit'),
    ...because(ADDRESS_NAME, 'E-Mail: Angezeigter Name'),
    ...because('JSContact has no place for a gender; reported', 'Geschlecht'),
  },
  'outlook/contacts-en.csv': {
    ...because(OUTLOOK, 'E-mail Type', 'E-mail 2 Type', 'Priority', 'Sensitivity'),
    ...because(ADDRESS_NAME, 'E-mail Display Name'),
    ...because('JSContact has no word for this relation; reported', "Manager's Name"),
  },
  'outlook/contacts-fr.csv': {
    ...because(OUTLOOK, 'Type de messagerie', 'Priorité', 'Privé'),
    ...because(ADDRESS_NAME, "Nom complet de l'adresse de messagerie"),
  },
  'sheets/brevo.csv': because(WHEN, 'ADDED_TIME', 'MODIFIED_TIME'),
  'sheets/civicrm.csv': {
    ...because('of the program: everybody in the file is a person', 'Contact Type'),
    ...because('about passing the person on, which needs a consent here anyway; reported', 'Do Not Trade'),
    ...because('a fact about the row, reported', 'Source of Contact Data'),
    ...because('JSContact has no place for a gender; reported', 'Gender'),
  },
  'sheets/hand-made.csv': because('nobody’s header: reported, and a mapping gives it a place', 'Diet'),
  'sheets/hubspot.csv': {
    ...because(DEAL, 'Lead Status', 'Lifecycle Stage', 'Marketing contact status'),
    ...because(
      'a ground chosen from a list proves no consent (R8); reported',
      "Legal basis for processing contact's data",
    ),
    ...because(WHEN, 'Create Date'),
  },
  'sheets/linkedin.csv': because(WHEN, 'Connected On'),
  'sheets/mailchimp.csv': {
    ...because('5 March or 3 May: reported, until somebody says the order', 'Birthday'),
    ...because(GUESSED, 'TIMEZONE', 'CC', 'REGION'),
    ...because('a second key of the same row', 'LEID'),
  },
  'sheets/salesforce-report.csv': because('who looks after the person, not the person', 'Contact Owner'),
  'sheets/salesforce.csv': because(DEAL, 'LeadSource'),
}
