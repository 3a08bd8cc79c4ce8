import { Page } from '../../design/parts'

export default function PersonPage() {
  return <Page title="PersonPage">{null}</Page>
}
