import { Page } from '../../design/parts'

export default function AddPerson() {
  return <Page title="AddPerson">{null}</Page>
}
