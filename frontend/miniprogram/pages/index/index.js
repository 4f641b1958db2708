const address = require('../../lib/address')
const config = require('../../config')
const phone = require('../../lib/phone')
const words = require('../../lib/words')

Page({
  data: { src: '', broken: false, t: words.zh.index },

  onLoad(options) {
    this.setData({ t: words.wordsOf(phone.info()).index })
    // q is the link of a scanned door, when WeChat opens it as an ordinary QR code.
    const scanned = address.routeOfLink(config, options.q ? decodeURIComponent(options.q) : '')
    this.open(scanned || '/')
  },

  onShow() {
    const app = getApp()
    const next = app.globalData.next
    app.globalData.next = ''
    if (next) this.open(next)
  },

  open(route) {
    this.route = route
    this.setData({ src: address.srcOf(config, address.scaleOf(phone.info()), route), broken: false })
  },

  retry() {
    this.open(this.route)
  },

  loaded() {
    this.setData({ broken: false })
  },

  failed() {
    this.setData({ broken: true })
  },

  // Only arrives on back, share and the like; nothing is waited for in it.
  message() {},

  onShareAppMessage() {
    return { title: this.data.t.share, path: '/pages/index/index' }
  },
})
