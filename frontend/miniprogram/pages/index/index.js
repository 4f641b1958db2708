const address = require('../../lib/address')
const config = require('../../config')

Page({
  data: { src: '', broken: false },

  onLoad(options) {
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
    const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync()
    this.setData({ src: address.srcOf(config, address.scaleOf(info), route), broken: false })
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
    return { title: '邻里药箱', path: '/pages/index/index' }
  },
})
