// The addresses of the shell, as pure functions: no wx here, so that node can
// test them. Everything that is said to the web app is said in the address.

/** The web app knows these sizes of type; WeChat's care mode is about 1.4. */
var smallest = 0.8
var largest = 2
var standard = 16

/**
 * How much larger than usual somebody reads: of wx.getAppBaseInfo(), whose
 * fontSizeScaleFactor is newer than fontSizeSetting (pixels).
 */
function scaleOf(info) {
  var scale = Number(info && info.fontSizeScaleFactor) || Number(info && info.fontSizeSetting) / standard || 1
  return Math.round(Math.min(largest, Math.max(smallest, scale)) * 100) / 100
}

/** A route of the web app begins with one slash; anything else is home. */
function routeOf(text) {
  return typeof text === 'string' && /^\/(?!\/)/.test(text) ? text : '/'
}

/**
 * What the web-view opens. iOS shows a white page for Chinese that is not
 * encoded, and what is encoded already must stay as it is.
 */
function srcOf(config, scale, route) {
  var query = '?scale=' + scale + '&v=' + encodeURIComponent(config.version)
  return config.base.replace(/\/$/, '') + '/' + query + '#' + encodeURI(routeOf(route)).replace(/%25([0-9A-Fa-f]{2})/g, '%$1')
}

/** A route with more parameters. */
function withQuery(route, params) {
  var parts = Object.keys(params).map(function (name) {
    return name + '=' + encodeURIComponent(params[name])
  })
  var start = routeOf(route)
  return start + (start.indexOf('?') < 0 ? '?' : '&') + parts.join('&')
}

/**
 * The route of one of our own links, as on a door; '' for anything else. A ticket
 * comes from pages/login alone: one in a link is somebody else's.
 */
function routeOfLink(config, link) {
  var base = config.base.replace(/\/$/, '')
  var text = String(link || '')
  var at = text.indexOf('#')
  if (text.slice(0, base.length) !== base || !/^[/?#]/.test(text.slice(base.length)) || at < 0) return ''
  var route = text.slice(at + 1)
  return route[0] === '/' && !/^\/wechat\b/.test(route) ? routeOf(route) : ''
}

/** "match:ID,ready:ID" → [{moment, template}]; one tap takes three at most. */
function momentsOf(text) {
  return String(text || '').split(',').map(function (part) {
    var pair = part.split(':')
    return { moment: pair[0], template: pair[1] }
  }).filter(function (m) {
    return /^[a-z]+$/.test(m.moment) && /^[A-Za-z0-9_-]+$/.test(m.template || '')
  }).slice(0, 3)
}

/** The moments that were accepted, of what wx.requestSubscribeMessage answers. */
function acceptedOf(moments, answer) {
  return moments.filter(function (m) {
    return answer[m.template] === 'accept'
  }).map(function (m) {
    return m.moment
  })
}

module.exports = { scaleOf: scaleOf, routeOf: routeOf, srcOf: srcOf, withQuery: withQuery, routeOfLink: routeOfLink, momentsOf: momentsOf, acceptedOf: acceptedOf }
