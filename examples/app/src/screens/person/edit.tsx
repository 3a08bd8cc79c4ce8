import { Page } from '../../design/parts'

export default function EditPerson() {
  return <Page title="EditPerson">{null}</Page>
}
