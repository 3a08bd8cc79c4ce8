import { Page } from '../../design/parts'

export default function Bring() {
  return <Page title="Bring">{null}</Page>
}
