// Running a relay point: read by its host, her deputy and the workers; and what others read while one is paused.
export default {
  point: {
    title: '中转站', mine: '中转站', serves: '管{name}', open: '开着', paused: '暂停了', usual: '平时', now: '现在', hours: '今天', full: '放了 {n} 份，能放 {max} 份', parcels: '放了 {n} 份', over: '放满了，新的会送到别的中转站',
    coming: '还没送来 {n}', waiting: '等人来取 {n}', stuck: '{n} 份卡在这里', stuckWhy: '它停着，附近又没有别的能接。请找人搬药箱，或联系这几户。', stuckMove: '把药箱搬到{name}，没送来的自动改送过去；搬不走的请联系这几户。',
    host: '负责人', deputy: '副手', noHost: '没有写', nobody: '不设', week: { 0: '周日', 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六' }, shut: '不开',
    look: '只有负责人、副手和这里的网格员能改。', box: '看药箱', print: '打印今天的交接单', printWhy: '停电时用，一张 A4。纸上没有门牌、电话和取药码。', saved: '改好了',
    days: '和平时不一样的日子', noDays: '没有。放假、临时有事，先写在这里，邻居就不会白跑。', addDay: '加一天', dropDay: '去掉', which: '哪天', today: '今天', tomorrow: '明天', other: '别的日子', from: '从', until: '到', how: '开不开', closed: '不开', hoursOf: '换个时间', opens: '几点开', closes: '几点关', why: '为什么', whyHint: '邻居会看到，不写谁病了', whyFor: '例如 春节', add: '加上',
    room: '能放多少', roomUnit: '份', noRoom: '没有写', change: '改', save: '就这样', deputyWhy: '负责人不在时，她来收、来交。', nobodyYet: '这里还没有能当副手的人。先邀请一位志愿者。',
    pause: '暂停', pauseTitle: '先停一停？', reason: '为什么', reasonHint: '邻居会看到', back: '什么时候再开', unknown: '说不准', day: '选个日子', willMove: '还没送来的 {n} 份改送到{name}，送的人和等的人都会知道。', willOne: '还没送来的 {n} 份改送到别的中转站（{names}，看哪里顺路），送的人和等的人都会知道。', willStay: '附近没有别的开着的中转站：还没送来的 {n} 份会卡在这里，要你来联系。', willWait: '放在这里的 {n} 份不动，等你搬药箱或再开。', willNone: '现在没有要送来、要来取的。', pauseGo: '暂停，告诉大家',
    resume: '再开', resumeWhy: '大家马上会知道。已经改送别处的不会改回来。', resumed: '开了，已经告诉大家', pausedSaid: '暂停了，已经告诉大家',
    move: '搬药箱', moveWhy: '人把药箱搬过去了，再点。里面的药和等人来取的都算在那边，取药码不变。', to: '搬到哪里', moveGo: '已经搬过去了', moved: '搬好了：{lots} 份药，{handovers} 份等人来取', left: '{n} 份正在送，没有搬', noOther: '附近没有别的开着的中转站。',
    tell: '{name}暂停了', tellReady: '东西还在，先别去。换地方或再开，这里马上会写。', tellBring: '先别送去。换了地方，这里马上会写。', tellHome: '急用请打电话。再开时这里会消失。', keep: '你管的中转站',
  },
}
