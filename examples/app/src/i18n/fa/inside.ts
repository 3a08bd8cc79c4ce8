/** What every other screen says. */
import about from './about.json'
import bring from './bring.json'
import create from './create.json'
import forgetting from './forgetting.json'
import handover from './handover.json'
import people from './people.json'
import person from './person.json'
import quarantine from './quarantine.json'
import settings from './settings.json'
import signup from './signup.json'

export const words = { create, people, person, signup, bring, quarantine, handover, forgetting, settings, about }
