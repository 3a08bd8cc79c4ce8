import { Page } from '../../design/parts'

export default function SignUp() {
  return <Page title="SignUp">{null}</Page>
}
