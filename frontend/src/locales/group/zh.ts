// The residents' WeChat group in Chinese: read by workers, and by who copies a card.
export default {
  group: {
    paste: '粘贴群消息', day: '今日汇总', seek: '群里寻药', board: '复制到邻居群', copied: '已复制，去群里粘贴', copy: '复制', copyHand: '长按文字，复制后去群里粘贴', cardTitle: '发到群里的话',
    in: '把群里的话贴进来', count: '{n} 字', start: '贴进来，看看谁要什么、谁能给什么', hint: '长按群消息，复制，贴在上面。可以一次贴很多条，也可以一条接一条地贴。', take: '粘贴', read: '看看说了什么', taken: '这里读不到剪贴板，请长按输入框粘贴。',
    understood: '看懂了 {n} 条', check: '一条一条核对', chatter: '{n} 条和药没关系，不记。', none: '没有看到要药、给药的话', noneWhy: '换几条再贴，或者自己写下来。', byHand: '替人发求助',
    kept: '只记楼栋和品名，贴进来的原话不保存。发出以前先问本人，点头了才开始找。', again: '重新贴', post: '对，记下 {n} 条', pick: '先勾上要记的', more: '再贴一些',
    kind: { request: '要', offer: '愿意给', sell: '卖', fulfilled: '收到了', cancel: '不要了', query: '问', chatter: '没说清' },
    danger: '先打 120，不要等药', dangerHint: '马上联系这一家。', before: '记过了', yes: '记下', no: '不记', edit: '改', less: '收起', another: '不是同一条',
    reply: '复制回话', noPlace: '门牌没说', said: '{who}：', thing: '哪一样', amount: '多少', need: '哪一户',
    missing: { item: '还要问是哪一样', quantity: '还要问多少', home: '还要选哪一户', name: '还要写称呼', heard: '还要先问一句', age: '还要问给谁用', answers: '还要问几句安全', seal: '还要问拆过没有', expiry: '还要问有效期', no: '不能记' },
    done: { posted: '记下了', matched: '记下了，配上了', held: '记下了，先顾人', again: '这条已经记过了，没有重复', refused: '没有记' }, doneAll: '记下了 {n} 条', open: '看一看',
  },
}
