const address = require('../../lib/address')

Page({
  onLoad(options) {
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
      fail: () => wx.showToast({ title: '微信没有打开提醒，请在设置里允许通知', icon: 'none' }),
    })
  },

  back() {
    wx.navigateBack()
  },
})
