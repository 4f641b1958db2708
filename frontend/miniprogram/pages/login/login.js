const address = require('../../lib/address')
const config = require('../../config')

Page({
  data: { problem: '' },

  onLoad(options) {
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
      fail: () => this.setData({ problem: '微信没有回应，请再点一次。' }),
    })
  },

  exchange(code) {
    wx.request({
      url: config.base.replace(/\/$/, '') + '/api/v1/wechat/login',
      method: 'POST',
      data: { code },
      header: { 'Content-Type': 'application/json', 'Accept-Language': 'zh-CN' },
      success: ({ statusCode, data }) => {
        if (statusCode !== 201) return this.setData({ problem: (data && data.detail) || '请稍后再试。' })
        getApp().globalData.next = address.withQuery('/wechat', { ticket: data.ticket, state: this.state, back: this.backTo })
        wx.navigateBack()
      },
      fail: () => this.setData({ problem: '网络不好，请再点一次。' }),
    })
  },

  back() {
    wx.navigateBack()
  },
})
