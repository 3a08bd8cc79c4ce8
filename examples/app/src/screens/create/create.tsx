import { Page } from '../../design/parts'

export default function Create() {
  return <Page title="Create">{null}</Page>
}
