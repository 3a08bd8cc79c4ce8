import { Page } from '../../design/parts'

export default function Quarantine() {
  return <Page title="Quarantine">{null}</Page>
}
