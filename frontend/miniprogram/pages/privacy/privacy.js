const phone = require('../../lib/phone')
const words = require('../../lib/words')

Page({
  data: { t: words.zh.privacy },

  onLoad() {
    const t = words.wordsOf(phone.info()).privacy
    wx.setNavigationBarTitle({ title: t.bar })
    this.setData({ t })
  },

  read() {
    if (wx.openPrivacyContract) wx.openPrivacyContract({})
  },

  agree() {
    this.answer({ event: 'agree', buttonId: 'agree' })
  },

  refuse() {
    this.answer({ event: 'disagree' })
  },

  onUnload() {
    this.settle({ event: 'disagree' }) // she went back
  },

  answer(how) {
    this.settle(how)
    wx.navigateBack()
  },

  // The interface that waits is answered once.
  settle(how) {
    const app = getApp()
    const resolve = app.privacy
    app.privacy = null
    if (resolve) resolve(how)
  },
})
