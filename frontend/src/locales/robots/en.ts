// The pages of group robots, which workers and operators read; a resident only pairs.
export default {
  robots: {
    title: 'Group robots', none: 'No group is connected yet', noneWhy: 'Three things connect one: which kind, its address, its secret.', add: 'Connect a group', name: 'Name', nameHint: 'Of the group, for you', platform: 'Which kind',
    wecom: 'WeCom', dingtalk: 'DingTalk', feishu: 'Feishu', other: 'Other', webhook: 'Other (webhook)', chat: 'It only writes to us',
    address: 'Address', addressHint: 'The webhook on the robot’s page', secret: 'Secret', secretHint: { wecom: 'None for WeCom', dingtalk: 'Of 加签', feishu: 'Of 签名校验', webhook: 'Begins with whsec_' },
    more: 'Listen too', moreHint: 'People of the group can write to the robot', callback: { wecom: 'EncodingAESKey', dingtalk: 'AppSecret', feishu: 'Encrypt Key', webhook: '—', chat: '—' }, token: 'Token', app: 'App ID (CorpID of a WeCom app)', appSecret: 'App Secret',
    go: 'Connect', keep: 'Once kept, secrets are never shown again', kept: 'Kept; leave empty to keep it', save: 'Save',
    grids: 'Grids it tells of', gridsHint: '{n} at most', gridsPick: 'Choose', gridsDone: 'Done', gridsUp: 'Up', gridsFind: 'Find a grid by name', gridsOver: '{n} at most; please take some out', gridsNone: 'No such grid', gridHomes: '{n} homes', gridAll: 'With all below', gridInside: 'Inside', gridOff: 'Take out {name}',
    gather: 'Gather what is not urgent for', gatherHint: 'Urgent needs go at once', minutes: '{n} min', hours: '{n} h', gathers: 'Gathers for {n} min', digest: 'Daily digest', digestHint: 'What was delivered, what is missing', noDigest: 'No digest', digestAt: 'Digest at {time}',
    style: 'Style of messages', look: { markdown: 'Formatted', text: 'Plain text', template_card: 'Card' }, lookHint: { markdown: 'To be read in WeCom', text: 'Complete in WeChat too', template_card: 'What is too long goes formatted' },
    edit: 'Change', editOf: 'Change “{name}”', test: 'Send a test', tested: 'On its way', pause: 'Pause', resume: 'Resume', remove: 'Disconnect', removeSure: 'Disconnect “{name}”?', removeWhy: 'Its address, its secret and what waits are deleted for good.', removeGo: 'Disconnect',
    on: 'Listening', paused: 'Paused', failing: 'Not reached', failed: 'Not reached {n} times: {why}', sent: 'Last one {time}', never: 'Nothing sent yet', queued: '{n} waiting', dead: '{n} not delivered', deadWhy: 'Tried for five days. Put the settings right and try again.', retry: 'Try again', tries: 'Tried {n} times',
    kind: { urgent: 'Urgent', open: 'Still looked for', met: 'Found', digest: 'Digest', test: 'Test' },
    callbackUrl: 'Callback address', ask: 'API token', askWhy: 'Your own robot calls /api/v1/chat/messages with it. It is shown once; the old one ends now.', asked: 'New token',
  },
  pair: {
    title: 'Let the group robot know me', why: 'Get a code and send it to the robot in the group. Then one line there asks or offers.', go: 'Get a code', code: 'Send this to the robot:', until: 'Good until {time}, once', again: 'Another one', byHand: 'This phone does not let us copy; press and hold the code above', never: 'To be forgotten, write “unbind” in the group.',
  },
}
