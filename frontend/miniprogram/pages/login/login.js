const address = require('../../lib/address')
const config = require('../../config')
const phone = require('../../lib/phone')
const words = require('../../lib/words')

Page({
  data: { problem: '', t: words.zh.login },

  onLoad(options) {
    const t = words.wordsOf(phone.info()).login
    wx.setNavigationBarTitle({ title: t.bar })
    this.setData({ t })
    this.backTo = address.routeOf(options.back ? decodeURIComponent(options.back) : '')
    this.state = options.state || '' // by which the web app knows that it asked
    this.login()
  },

  // The code goes to our server, which asks WeChat who it is; the openid never
  // comes here, only a ticket that serves once.
  login() {
    this.setData({ problem: '' })
    wx.login({
      success: ({ code }) => this.exchange(code),
      fail: () => this.setData({ problem: this.data.t.silent }),
    })
  },

  exchange(code) {
    wx.request({
      url: config.base.replace(/\/$/, '') + '/api/v1/wechat/login',
      method: 'POST',
      data: { code },
      header: { 'Content-Type': 'application/json', 'Accept-Language': words.acceptOf(phone.info()) },
      success: ({ statusCode, data }) => {
        if (statusCode !== 201) return this.setData({ problem: (data && data.detail) || this.data.t.later })
        getApp().globalData.next = address.withQuery('/wechat', { ticket: data.ticket, state: this.state, back: this.backTo })
        wx.navigateBack()
      },
      fail: () => this.setData({ problem: this.data.t.offline }),
    })
  },

  back() {
    wx.navigateBack()
  },
})
