import { Page } from '../../design/parts'

export default function People() {
  return <Page title="People">{null}</Page>
}
