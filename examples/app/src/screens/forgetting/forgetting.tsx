import { Page } from '../../design/parts'

export default function Forgetting() {
  return <Page title="Forgetting">{null}</Page>
}
