const address = require('../../lib/address')

Page({
  onLoad(options) {
    this.backTo = address.routeOf(options.back ? decodeURIComponent(options.back) : '')
    this.scan()
  },

  scan() {
    wx.scanCode({
      scanType: ['qrCode'],
      success: ({ result }) => {
        getApp().globalData.next = address.withQuery(this.backTo, { scanned: result })
        wx.navigateBack()
      },
      fail: () => {}, // she went back, or the camera is not allowed: the page says what to do
    })
  },

  back() {
    wx.navigateBack()
  },
})
