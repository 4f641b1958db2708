const address = require('../../lib/address')
const phone = require('../../lib/phone')
const words = require('../../lib/words')

Page({
  data: { t: words.zh.subscribe },

  onLoad(options) {
    const t = words.wordsOf(phone.info()).subscribe
    wx.setNavigationBarTitle({ title: t.bar })
    this.setData({ t })
    this.moments = address.momentsOf(options.m ? decodeURIComponent(options.m) : '')
    this.backTo = address.routeOf(options.back ? decodeURIComponent(options.back) : '')
  },

  // Only a tap in a native page may ask (base library 2.8.2).
  subscribe() {
    wx.requestSubscribeMessage({
      tmplIds: this.moments.map((m) => m.template),
      success: (answer) => {
        const accepted = address.acceptedOf(this.moments, answer)
        if (accepted.length > 0) {
          getApp().globalData.next = address.withQuery('/wechat', { granted: accepted.join(','), back: this.backTo })
        }
        wx.navigateBack()
      },
      fail: () => wx.showToast({ title: this.data.t.off, icon: 'none' }),
    })
  },

  back() {
    wx.navigateBack()
  },
})
