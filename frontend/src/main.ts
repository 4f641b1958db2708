import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { whenSignedOut } from './api/client'
import App from './App.vue'
import { i18n, loadLanguage } from './locales'
import { router } from './router'
import { usePrefs } from './stores/prefs'
import { useSession } from './stores/session'
import { useStill } from './stores/still'
import 'vant/es/style/base.css'
import 'vant/es/overlay/index.css'
import 'vant/es/popup/index.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/icons.css'
import './styles/parts.css'
import './styles/vant.css'
import './styles/print.css'

const app = createApp(App).use(createPinia()).use(i18n)

async function start(): Promise<void> {
  const { lang } = usePrefs()
  const texts = loadLanguage(lang).catch(() => {}) // asked for again by the next page
  if (lang !== 'zh') await texts // what home says in Chinese is here already
  whenSignedOut(() => useSession().end())
  useStill().watchFields(document)
  app.use(router).mount('#app')
}
void start()
