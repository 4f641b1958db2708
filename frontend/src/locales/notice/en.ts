// Notices and what they call for.
export default {
  notice: {
    title: 'Notices', fresh: 'New', ok: 'Got it', more: 'Read all', from: '{grid} · {when}', corrected: 'corrected', withdraw: 'Take back', withdrawn: 'Taken back', edit: 'Correct', close: 'No more wanted', closed: 'No more is collected',
    call: 'Wanted: {what}', got: '{got} so far, {left} to go', full: 'All there, thank you', over: 'All there and {more} more, of use too', ended: 'Ended with {got}', homes: '{n} homes answered', mine: 'Your home gives {what}', box: 'For the box at {where}', until: 'until {when}', have: 'I have one',
    tasks: 'Notices and calls', write: 'Write a notice', none: 'No notices yet', noneWhy: 'Water cut off, masks handed out, thermometers wanted: tell everybody here.',
    text: 'To everybody', textHint: '{n}/500', textFor: 'For example: masks at the relay point at 3 pm', whom: 'For whom', phone: 'Everybody reads it; please leave mobile numbers out.', collect: 'Collect something too', collectWhy: 'Neighbours tap “I have one”; the bar moves by itself and stops when all is there.',
    what: 'What', howMany: 'How much', toBox: 'For the box at {where}', toBoxWhy: 'Neighbours bring it there, for whoever needs it.', days: 'Until when', day: '{n} days', preview: 'What everybody sees', send: 'Send', save: 'Save', sent: 'Sent', fill: 'Write a few words', pick: 'Choose something',
    answering: 'You answer a call', answeringWhy: '{what}, {left} to go. More is welcome too, thank you.', late: 'Offer it to neighbours',
  },
}
