import { Page } from '../../design/parts'

export default function Handover() {
  return <Page title="Handover">{null}</Page>
}
