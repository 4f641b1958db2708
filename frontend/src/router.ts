import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import { i18n, loadPart, loadLanguage, type Part } from './locales'
import { usePrefs } from './stores/prefs'
import { useSession } from './stores/session'
import { useToday } from './stores/today'
// The first page most people see comes with the app, not after it.
import HomeView from './views/HomeView.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the title, which WeChat shows in its own bar. */
    title: string
    /** open: also without signing in. */
    open?: boolean
    /** Pages of a role that others are led away from. */
    only?: 'worker' | 'keeper' | 'operator' | 'staff' | 'walker'
    /** Wants both consents and an approved person first. */
    posts?: boolean
    /** Texts that come with the page. */
    part?: Part
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', component: HomeView, meta: { title: 'app.name' } },
  { path: '/enter', component: () => import('./views/EnterView.vue'), meta: { title: 'app.name', open: true } },
  { path: '/door/:code?', component: () => import('./views/BindView.vue'), props: true, meta: { title: 'bind.title', open: true } },
  { path: '/invitation/:code', component: () => import('./views/BindView.vue'), props: (r) => ({ code: r.params.code, invitation: true }), meta: { title: 'bind.invited', open: true } },
  { path: '/consents', component: () => import('./views/ConsentsView.vue'), meta: { title: 'app.name', open: true } },
  { path: '/ask', component: () => import('./views/AskView.vue'), meta: { title: 'ask.title', posts: true } },
  { path: '/offer', component: () => import('./views/OfferView.vue'), meta: { title: 'offer.title', posts: true } },
  { path: '/requests/:id', component: () => import('./views/RequestView.vue'), props: true, meta: { title: 'request.title', part: 'group' } },
  { path: '/offers/:id', component: () => import('./views/OfferDetailView.vue'), props: true, meta: { title: 'lot.title' } },
  { path: '/loans/:id', component: () => import('./views/LoanView.vue'), props: true, meta: { title: 'loan.title' } },
  { path: '/past', component: () => import('./views/PastView.vue'), meta: { title: 'past.title' } },
  { path: '/today', component: () => import('./views/TodayView.vue'), meta: { title: 'today.title', only: 'worker', part: 'group' } },
  { path: '/notice', component: () => import('./views/NoticeView.vue'), meta: { title: 'notice.write', part: 'notice', only: 'worker' } },
  { path: '/paste', component: () => import('./views/PasteView.vue'), meta: { title: 'group.paste', only: 'worker', part: 'group' } },
  { path: '/lots/:id/check-in', component: () => import('./views/CheckInView.vue'), props: true, meta: { title: 'check.title', only: 'keeper' } },
  { path: '/hand-over', component: () => import('./views/HandOverView.vue'), meta: { title: 'hand.title', only: 'keeper' } },
  { path: '/relays/:id', component: () => import('./views/PointView.vue'), props: true, meta: { title: 'point.title', part: 'point' } },
  { path: '/box/:relay?', component: () => import('./views/BoxView.vue'), props: true, meta: { title: 'box.title', part: 'box' } },
  { path: '/box/:relay/bags', component: () => import('./views/BagsView.vue'), props: true, meta: { title: 'bags.title', part: 'box' } },
  { path: '/box/:relay/book-in', component: () => import('./views/BookInView.vue'), props: true, meta: { title: 'book.title', part: 'box' } },
  { path: '/box/:relay/count', component: () => import('./views/StockTakeView.vue'), props: true, meta: { title: 'count.title', part: 'box' } },
  { path: '/box/:relay/recovery', component: () => import('./views/RecoveryView.vue'), props: true, meta: { title: 'recovery.title', part: 'box' } },
  { path: '/recoveries/:id', component: () => import('./views/ReceiptView.vue'), props: true, meta: { title: 'recovery.receiptTitle', part: 'box' } },
  { path: '/recalls', component: () => import('./views/RecallsView.vue'), meta: { title: 'recall.title', part: 'box', only: 'staff' } },
  { path: '/recalls/:id', component: () => import('./views/RecallView.vue'), props: true, meta: { title: 'recall.one', part: 'box', only: 'staff' } },
  { path: '/lots/:id/chain', component: () => import('./views/ChainView.vue'), props: true, meta: { title: 'chain.title', part: 'box' } },
  { path: '/robots', component: () => import('./views/RobotsView.vue'), meta: { title: 'robots.title', part: 'robots', only: 'staff' } },
  { path: '/pair', component: () => import('./views/PairView.vue'), meta: { title: 'pair.title', part: 'robots' } },
  { path: '/on-behalf', component: () => import('./views/OnBehalfView.vue'), meta: { title: 'behalf.title', only: 'worker' } },
  { path: '/round', component: () => import('./views/RoundView.vue'), meta: { title: 'round.title', only: 'walker' } },
  { path: '/round/plan', component: () => import('./views/PlanRoundView.vue'), meta: { title: 'round.plan', only: 'worker' } },
  { path: '/samples', component: () => import('./views/SamplesView.vue'), meta: { title: 'sample.title', only: 'worker' } },
  { path: '/claims', component: () => import('./views/ClaimsView.vue'), meta: { title: 'claims.title', only: 'worker' } },
  { path: '/shares/:id', component: () => import('./views/SharesView.vue'), props: true, meta: { title: 'shares.title', only: 'staff' } },
  { path: '/overview', component: () => import('./views/OverviewView.vue'), meta: { title: 'overview.title', only: 'operator' } },
  { path: '/privacy', component: () => import('./views/PrivacyView.vue'), meta: { title: 'privacy.title' } },
  { path: '/wechat', component: () => import('./views/WechatView.vue'), meta: { title: 'app.name', open: true } },
  { path: '/settings', component: () => import('./views/SettingsView.vue'), meta: { title: 'settings.title', open: true } },
  { path: '/about', component: () => import('./views/AboutView.vue'), meta: { title: 'about.title', open: true } },
  { path: '/:rest(.*)*', redirect: '/' },
]

export const router = createRouter({
  history: createWebHashHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.meta.part) await loadPart(to.meta.part)
  if (to.path !== '/') await loadLanguage(usePrefs().lang).catch(() => {}) // home is painted at once
  if (to.meta.open) return true
  if (!session.signedIn) return { path: '/enter', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (!session.me && to.path === '/') return true // home is painted at once and looks for itself
  if (!session.me) await session.load()
  if (!session.me) return true // the page itself says that nothing could be read
  if (to.meta.only === 'worker' && !session.worker) return session.home
  if (to.meta.only === 'keeper' && !session.worker && !useToday().keeps) return session.home
  if (to.meta.only === 'walker' && !session.walks) return session.home
  if (to.meta.only === 'staff' && !session.worker && !session.operator) return session.home
  if (to.meta.only === 'operator' && !session.operator) return session.home
  if (to.path === '/' && session.home !== '/') return session.home
  const behalf = session.worker && to.query.home !== undefined // the consents that count are hers for whom it is
  if (to.meta.posts && !session.mayPost && !behalf) return { path: '/consents', query: { next: to.fullPath } }
  return true
})

router.afterEach((to) => {
  document.title = i18n.global.t(to.meta.title)
})
