// Notices and what they call for.
export default {
  notice: {
    title: '通知', fresh: '新', ok: '知道了', more: '看全文', from: '{grid} · {when}', corrected: '改过', withdraw: '撤回', withdrawn: '撤回了', edit: '更正', close: '不再征集', closed: '不再征集了',
    call: '征集 {what}', got: '已有 {got}，还差 {left}', full: '集齐了，谢谢大家', over: '集齐了，还多 {more}，也用得上', ended: '已结束，共 {got}', homes: '{n} 户响应', mine: '你家答应 {what}', box: '放进{where}的小药箱', until: '{when}截止', have: '我有',
    tasks: '通知和征集', write: '写通知', none: '还没有通知', noneWhy: '停水、发口罩、征集体温计，都可以在这里告诉大家。',
    text: '写给大家的话', textHint: '{n}/500', textFor: '例如：下午 3 点在中转站发口罩', whom: '发给谁', phone: '通知人人都看得见，请不要写手机号。', collect: '同时征集东西', collectWhy: '邻居点“我有”，进度条会自己走，集齐就停。',
    what: '征集什么', howMany: '要多少', toBox: '放进{where}的小药箱', toBoxWhy: '邻居送到中转站，谁需要谁取。', days: '到什么时候', day: '{n} 天', preview: '大家看到的样子', send: '发出去', save: '改好了', sent: '通知发出去了', fill: '写几句话', pick: '选一样东西',
    answering: '你在响应征集', answeringWhy: '{what}，还差 {left}。多给也欢迎，谢谢你。', late: '照常分享给邻居',
  },
}
