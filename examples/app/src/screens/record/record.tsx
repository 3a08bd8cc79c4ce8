import { Page } from '../../design/parts'

export default function Record() {
  return <Page title="Record">{null}</Page>
}
