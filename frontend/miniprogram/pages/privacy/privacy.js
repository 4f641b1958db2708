Page({
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
