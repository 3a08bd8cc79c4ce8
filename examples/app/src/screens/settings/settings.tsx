import { Page } from '../../design/parts'

export default function Settings() {
  return <Page title="Settings">{null}</Page>
}
