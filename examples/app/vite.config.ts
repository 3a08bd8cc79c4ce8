import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

/**
 * What this app may do, said to the browser itself: it runs its own scripts and talks to nobody. `wasm-unsafe-eval` is for
 * libsodium; `blob:` for the photos that a person takes. A service worker has rules of its own, so that it can fetch what it keeps.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' blob: data:",
  "manifest-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Only in what is built: while developing, Vite speaks with the page. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
}

export default defineConfig({
  // Relative, so that any web server can host the build in any folder.
  base: './',
  plugins: [
    react(),
    contentSecurityPolicy,
    VitePWA({
      registerType: 'prompt',
      injectRegister: null,
      manifest: {
        name: 'Amanat',
        short_name: 'Amanat',
        description: 'An address book that forgets',
        start_url: './',
        scope: './',
        display: 'standalone',
        background_color: '#faf8f4',
        theme_color: '#0f5e59',
        icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
      },
      workbox: { globPatterns: ['**/*.{js,css,html,svg,woff2,json}'], maximumFileSizeToCacheInBytes: 4_000_000 },
    }),
  ],
  build: { target: 'es2022', sourcemap: false },
})
