import { Page } from '../../design/parts'

export default function Story() {
  return <Page title="Story">{null}</Page>
}
