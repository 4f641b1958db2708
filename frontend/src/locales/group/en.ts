// The residents' WeChat group in English.
export default {
  group: {
    paste: 'Paste group messages', day: 'Today’s summary', seek: 'Ask the group', board: 'Copy for the group', copied: 'Copied; now paste it into the group', copy: 'Copy', copyHand: 'Press and hold the text, copy it, and paste it into the group', cardTitle: 'Text for the group',
    in: 'Paste what the group says', count: '{n} characters', start: 'Paste it and see who needs and who can give', hint: 'Press and hold a message, copy it, and paste it above: many at once, or one after the other.', take: 'Paste', read: 'See what it says', taken: 'The clipboard cannot be read here; press and hold the field to paste.',
    understood: '{n} understood', check: 'Check one by one', chatter: '{n} about other things; not noted.', none: 'Nobody asks or offers in it', noneWhy: 'Paste others, or write it down yourself.', byHand: 'Post for somebody',
    kept: 'Only building and item are kept, never the wording. Ask the person first; we look once they agree.', again: 'Paste again', post: 'Yes, note down {n}', pick: 'Tick what to note down', more: 'Paste more',
    kind: { request: 'Needs', offer: 'Can give', sell: 'Sells', fulfilled: 'Got it', cancel: 'No longer needed', query: 'Asks', chatter: 'Unclear' },
    danger: 'Call 120 first; do not wait for medicine', dangerHint: 'Contact this home now.', before: 'Noted before', yes: 'Note down', no: 'Leave out', edit: 'Edit', less: 'Close', another: 'It is another one',
    reply: 'Copy a reply', noPlace: 'no door said', said: '{who}: ', thing: 'Which thing', amount: 'How many', need: 'Which home',
    missing: { item: 'Ask which thing', quantity: 'Ask how many', home: 'Choose the home', name: 'Write a name', heard: 'Ask for consent first', age: 'Ask for whom', answers: 'Ask the safety questions', seal: 'Ask whether it was opened', expiry: 'Ask the expiry date', no: 'Cannot be noted' },
    done: { posted: 'Noted', matched: 'Noted and matched', held: 'Noted; look after the person first', again: 'Noted before, not doubled', refused: 'Not noted' }, doneAll: '{n} noted', open: 'Open',
  },
}
