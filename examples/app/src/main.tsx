import '@fontsource-variable/vazirmatn/wght.css'
import './design/tokens.css'
import './design/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { languageHere, setLanguage } from './i18n/setup'

// Words that don't come leave the app in English, which says so.
await setLanguage(languageHere()).catch(() => undefined)
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
