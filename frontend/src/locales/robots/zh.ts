// The pages of group robots, which workers and operators read; a resident only pairs.
export default {
  robots: {
    title: '群机器人', none: '还没有连上的群', noneWhy: '填三样就能连上：哪种群、地址、密钥。', add: '连一个群', name: '叫什么', nameHint: '群名，自己看的', platform: '哪种群',
    wecom: '企业微信', dingtalk: '钉钉', feishu: '飞书', other: '其他', webhook: '其他（Webhook）', chat: '只发消息来',
    address: '地址', addressHint: '群机器人页面上的 Webhook 地址', secret: '密钥', secretHint: { wecom: '企业微信不用填', dingtalk: '“加签”那一串', feishu: '“签名校验”那一串', webhook: 'whsec_ 开头' },
    more: '也听群里说话', moreHint: '群里的人能直接写给机器人', callback: { wecom: 'EncodingAESKey', dingtalk: 'AppSecret', feishu: 'Encrypt Key', webhook: '—', chat: '—' }, token: 'Token', app: 'App ID（企业微信应用填 CorpID）', appSecret: 'App Secret',
    go: '连上', keep: '密钥存下后不再显示', kept: '已存，不改就留空', save: '存下',
    grids: '讲哪些网格的事', gridsHint: '最多 {n} 个', gridsPick: '再选', gridsDone: '选好了', gridsUp: '上一级', gridsFind: '找网格名', gridsOver: '最多选 {n} 个，请去掉几个', gridsNone: '没有这样的网格', gridHomes: '{n} 户', gridAll: '下面的都算', gridInside: '看下面', gridOff: '去掉 {name}',
    gather: '不急的攒多久发一次', gatherHint: '急需的马上发', minutes: '{n} 分钟', hours: '{n} 小时', gathers: '每 {n} 分钟汇总', digest: '每天小结', digestHint: '一天送到几份、还缺什么', noDigest: '不发小结', digestAt: '{time} 小结',
    style: '消息样式', look: { markdown: '带格式', text: '纯文字', template_card: '卡片' }, lookHint: { markdown: '在企业微信里看', text: '在微信里也看得全', template_card: '太长的按带格式发' },
    edit: '改设置', editOf: '改“{name}”的设置', test: '发一条测试', tested: '在路上了', pause: '暂停', resume: '继续', remove: '断开', removeSure: '断开“{name}”？', removeWhy: '它的地址、密钥和还没发的都删掉，不能恢复。', removeGo: '断开',
    on: '在听', paused: '暂停了', failing: '连不上', failed: '连不上 {n} 次：{why}', sent: '上一条 {time}', never: '还没有发过', queued: '等着发 {n}', dead: '{n} 条没发出去', deadWhy: '试了五天对方都没收。改好设置后可以再试。', retry: '再试', tries: '试了 {n} 次',
    kind: { urgent: '急需', open: '还在找', met: '有着落', digest: '小结', test: '测试' },
    callbackUrl: '平台回调地址', ask: '接口令牌', askWhy: '自己的机器人用它调 /api/v1/chat/messages。只显示这一次，旧的马上作废。', asked: '新令牌',
  },
  pair: {
    title: '让群机器人认识我', why: '拿一个口令，发到群里给机器人。以后在群里写一句就能求助或分享。', go: '拿一个口令', code: '发给机器人：', until: '{time} 前有效，只能用一次', again: '再拿一个', byHand: '这里复制不了，请长按上面的口令复制', never: '不用再认识了，在群里写“解绑”。',
  },
}
