import { Page } from '../../design/parts'

export default function Restore() {
  return <Page title="Restore">{null}</Page>
}
