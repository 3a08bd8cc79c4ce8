import about from './about.json'
import bring from './bring.json'
import common from './common.json'
import create from './create.json'
import forgetting from './forgetting.json'
import handover from './handover.json'
import people from './people.json'
import person from './person.json'
import quarantine from './quarantine.json'
import settings from './settings.json'
import signup from './signup.json'
import tour from './tour.json'
import trouble from './trouble.json'
import welcome from './welcome.json'

export const words = {
  common,
  welcome,
  create,
  people,
  person,
  signup,
  bring,
  quarantine,
  handover,
  forgetting,
  settings,
  tour,
  about,
  trouble,
}
