import { Page } from '../../design/parts'

export default function About() {
  return <Page title="About">{null}</Page>
}
