// The shell keeps nothing: no openid, no token, no name. Native pages leave the
// next route of the web app here and go back; pages/index opens it.
App({
  globalData: { next: '' },

  onLaunch() {
    // Privacy interfaces wait until she has read the guide (since October 2023).
    if (!wx.onNeedPrivacyAuthorization) return
    wx.onNeedPrivacyAuthorization((resolve) => {
      this.privacy = resolve
      wx.navigateTo({ url: '/pages/privacy/privacy' })
    })
  },
})
