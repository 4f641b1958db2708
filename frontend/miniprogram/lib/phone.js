// What WeChat knows of the phone; older ones answer the older call only.
function info() {
  return wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync()
}

module.exports = { info: info }
