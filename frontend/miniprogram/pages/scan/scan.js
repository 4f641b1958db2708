const address = require('../../lib/address')
const phone = require('../../lib/phone')
const words = require('../../lib/words')

Page({
  data: { t: words.zh.scan },

  onLoad(options) {
    const t = words.wordsOf(phone.info()).scan
    wx.setNavigationBarTitle({ title: t.bar })
    this.setData({ t })
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
