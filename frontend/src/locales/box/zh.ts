// What the pages of the box say in Chinese: read by those who keep one.
export default {
  box: {
    title: '共享小药箱', lots: '放了 {n} 份', of: '放了 {n} 份，能放 {max} 份', full: '放满了 {n}/{max}', add: '入箱', all: '全部 {n}', until: '到 {date}', noDate: '没有有效期',
    chip: { stopped: '停发 {n}', soon: '先用 {n}', kept: '留着 {n}', unchecked: '待核对 {n}' },
    part: { free: '可配 · {n} 天', always: '可配', soon: '先用 · {n} 天', kept: '留给{where}', keptOne: '留给一家', stopped: '停发 · {why}', unchecked: '待核对' },
    find: '找品名或批号', bags: '整袋 {n}', count: '盘点', out: '登记停发，交回收点', recalls: '召回', stoppedTitle: '{n} 份停发了', stoppedWhy: '请拿出来单独放好，交给回收点或退给本人。',
    empty: '药箱是空的', emptyWhy: '收下的药会按有效期排在这里。', nothing: '没有这样的', nothingWhy: '换一个条件看看。', none: '附近没有中转站', noneWhy: '设好中转站以后，这里会显示药箱。', more: '再看一些', run: '管中转站', who: '谁经手的',
    why: {
      expired: '过期', giver: '本人收回', giver_declined: '本人收回', recalled: '召回', broken: '坏了', short: '缺数', refused_opened: '拆过封', refused_unreadable: '看不清', refused_expired: '过期', refused_no_otc: '没有 OTC', refused_cold: '要冷藏', refused_other: '损坏',
      spoiled: '坏了', unrecorded: '没登记', not_found: '没找到', other: '不能给',
    },
  },
  bags: {
    title: '整袋', type: '输入对方报的 6 个数字', scan: '扫对方的码', waiting: '等人送来', open: '正在入箱', from: '{where}的一袋', due: '{time} 前送来', go: '接着入箱', none: '没有等着的整袋', noneWhy: '邻居点“给一整袋”，这里会出现。', items: '收下 {taken} 样，没收 {refused} 样',
  },
  book: {
    title: '入箱', who: '谁给的', household: '住户', walk_in: '没有账号的人', community: '村社买的', bag: '{where}的一袋', whose: '哪一户', whoseHint: '楼栋、单元或门牌', pick: '先选哪一户', noHome: '没有这一户', what: '是什么', seal: '拆封了吗', refuse: '不收', take: '收下，放进药箱',
    first: '逐项核对后收下', cannot: '有一项不行，不能收', taken: '收下了 {what}', refused: '没收 {what}', unnamed: '认不出是什么', unnamedGo: '这一样认不出，不收', kept: '东西留在这里，由我们交回收点', keptHint: '不勾就当面退给他', done: '这一袋装完了', closed: '这一袋办好了', soFar: '这次', notTaken: '没收',
    reserved: '已经有人要，去交接', item: '一样一样来，收下或不收。',
  },
  count: {
    title: '盘点', hint: '一份一份数。数到的存在这台手机上，中途可以停。', should: '应该有 {n}', right: '数对了', wrong: '数目不对', usable: '能给的有几', stopped: '停发的有几', spoiled: '其中坏了的', why: '少了的是怎么回事', unrecorded: '给出去了没登记', not_found: '没找到',
    surplus: '多出来的在这里另外核对入箱，算村社的。', progress: '数了 {n} 份，共 {all} 份', go: '盘点完了', first: '还有 {n} 份没数', done: '盘点好了', again: '从头数', same: '数目都对', differ: '{n} 份不一样', history: '以前的盘点', by: '{who} 数了 {n} 份', line: '应有 {should}，数到 {counted}', bad: '坏了 {n}', surplusLine: '多出 {n}', none: '药箱是空的，没有要数的', no: '以前没有盘点过',
  },
  recovery: {
    title: '登记停发', hint: '不能给人的药交给药店或卫生服务中心，谁也不自己销毁。', pick: '交哪些', place: '交给谁', placeHint: '药店、卫生服务中心', receipt: '对方回执的编号', go: '交了，存下回执', none: '没有停发的', noneWhy: '过期、召回、不能给的会排在这里。', back: '退给本人', backWhy: '当面退给他，谢谢他的心意。', backGo: '退好了', done: '存好了', gone: '退给本人了',
    receiptTitle: '回收单', history: '以前的回收单', number: '回执 {n}', by: '经手人', from: '来自', to: '交给', when: '时间', print: '打印', sign: '回收方签字', lots: '{n} 份',
  },
  recall: {
    title: '召回', one: '召回', start: '召回一批药', item: '哪一种', batch: '批号', reason: '为什么', reasonHint: '会告诉拿到药的人', go: '召回这一批', sure: '召回 {what}，批号 {batch}？', means: '本网格和下面所有网格里这一批马上停发，留给人的改配别的，已经给出去的请对方先别吃、你们去取。不能撤回。', goSure: '召回',
    running: '还在办，剩 {n} 份', done: '都停发了', lots: '{n} 份药', stopped: '停发 {n}', asked: '要取回 {n} 家', collected: '取回了 {n} 家', none: '没有召回', noneWhy: '收到通知，在这里写品名和批号。', collect: '要取回的', collectHint: '上门时先说清楚', where: '{where}，{what}', took: '取回几', tick: '取回了', used: '已经用完了', ticked: '取回 {got}，共 {units}', no: '没有人拿到过这一批', grid: '{name} 及以下',
  },
  chain: {
    title: '谁经手的', hand: { home: '{name}', box: '{name}', carrier: '{name}', recovery: '回收点 {name}', nowhere: '没找到' }, home: '住户', step: '{from} → {to}', by: '{who}', empty: '还在给药的人家里',
    why: { hand_in: '送到中转站', book_in: '入箱', give: '交给对方', fetch: '上门取来', drop: '放下，等人核对', send: '拿去送', back: '没送成，带回来', carried: '药箱搬过来', unsafe: '不能给了，收回', loan_back: '借的还回来', loan_lost: '借的找不到了', loan_broken: '借的坏了', short: '少了', unrecorded: '给出去没登记', not_found: '盘点没找到', recall: '召回取回', recovery: '交回收点', give_back: '退给本人', other: '换手' },
  },
}
