// What the native pages say, in the language of the phone: Chinese, and English for
// whoever reads neither Chinese nor what WeChat says in it.
var zh = {
  index: { broken: '没有打开', brokenWhy: '可能是网络不好，点一下再试。急病请直接打 120。', again: '再试一次', share: '邻里药箱' },
  login: {
    bar: '用微信进入', going: '正在进入…', goingWhy: '只用来认出是你，不会读取微信昵称、头像和好友。', failed: '没有登录成', again: '再试一次', door: '扫门牌码进入', back: '返回',
    silent: '微信没有回应，请再点一次。', later: '请稍后再试。', offline: '网络不好，请再点一次。',
  },
  scan: { bar: '扫一扫', title: '对准二维码', why: '扫不了也没关系，回去输入数字一样能办。', go: '扫一扫', back: '返回' },
  subscribe: {
    bar: '用微信提醒我', title: '有消息时提醒你', why: '每点一次，每一种提醒发一条。提醒里不写药名、门牌和取货码。不点也行，打开小程序一样看得到。', go: '提醒我', back: '不用了',
    off: '微信没有打开提醒，请在设置里允许通知',
  },
  privacy: {
    bar: '隐私保护指引', title: '先说清楚',
    why: '微信只告诉我们一个认得出你的编号，用来让你下次直接进来、给你发提醒。编号加密保存，解除绑定或退出就删掉。你要什么药、住哪一户，不会告诉微信。填写的备注、原因和通知可能会请微信检查有没有不合适的内容。',
    read: '看《隐私保护指引》全文', agree: '同意并继续', refuse: '不同意',
  },
}

var en = {
  index: { broken: 'It did not open', brokenWhy: 'The network may be slow; tap to try again. In an emergency call 120.', again: 'Try again', share: 'Linli' },
  login: {
    bar: 'Enter with WeChat', going: 'Entering…', goingWhy: 'Only to know that it is you. Your WeChat name, picture and friends are not read.', failed: 'Not signed in', again: 'Try again', door: 'Scan the door code', back: 'Back',
    silent: 'WeChat did not answer; please tap again.', later: 'Please try again later.', offline: 'The network is slow; please tap again.',
  },
  scan: { bar: 'Scan', title: 'Point at the code', why: 'If it cannot be scanned, go back and type the digits.', go: 'Scan', back: 'Back' },
  subscribe: {
    bar: 'Reminders by WeChat', title: 'Hear when there is news', why: 'Each tap allows one reminder of each kind. None names a medicine, a door or a pickup code. Without them, the app shows the same.', go: 'Remind me', back: 'No, thanks',
    off: 'WeChat shows no reminders; please allow notifications in its settings',
  },
  privacy: {
    bar: 'Privacy', title: 'Before you go on',
    why: 'WeChat tells us only a number that stands for you, by which you come in next time and are reminded. It is kept encrypted and deleted when you unbind or sign out. WeChat is not told what you ask for or where you live. Notes, reasons and notices may be sent to WeChat, which checks them for unsuitable content.',
    read: 'Read the whole privacy guide', agree: 'Agree and go on', refuse: 'Do not agree',
  },
}

/** Chinese for zh_CN, zh_HK and zh_TW, and where the phone does not say; otherwise English. */
function languageOf(info) {
  var language = String((info && info.language) || 'zh')
  return /^zh/i.test(language) ? 'zh' : 'en'
}

function wordsOf(info) {
  return languageOf(info) === 'zh' ? zh : en
}

/** Our server answers in it: of Accept-Language. */
function acceptOf(info) {
  return languageOf(info) === 'zh' ? 'zh-CN' : 'en'
}

module.exports = { zh: zh, en: en, languageOf: languageOf, wordsOf: wordsOf, acceptOf: acceptOf }
