import type { Texts } from './index'

const en: Texts = {
  app: {
    name: 'Linli 邻里药箱', motto: 'Neighbours share medicine', demo: 'Demo', back: 'Back', close: 'Close', retry: 'Try again', loading: 'Loading',
    ok: 'Done', change: 'Change', yes: 'Yes', no: 'No', comma: ', ', copy: 'Copy', copied: 'Copied', more: 'More', tabs: 'Worker',
  },
  time: {
    today: 'today {time}', tomorrow: 'tomorrow {time}', yesterday: 'yesterday {time}', other: '{date}, {time}',
    ago: { now: 'just now', minutes: '{n} min ago', hours: '{n} h ago', days: '{n} d ago' },
    for: { now: 'under a minute', minutes: '{n} min', hours: '{n} h', days: '{n} days' },
  },
  live: { on: 'Live', connecting: 'Connecting…', at: 'As of {time}', lost: 'No connection, retrying' },
  offline: {
    title: 'Offline', shown: ', showing {time}', waiting: '· {n} saved, sent once back online',
    saved: 'Offline; saved, sends itself', tryLater: 'Offline now; try again once you are back',
  },
  outbox: { waits: 'Sends when online', refused: 'Not sent', line: 'Saved; sends itself, never twice', drop: 'OK, put away' },
  error: {
    title: 'Could not load; not your fault', safe: 'What you posted is safe and goes on.', id: 'If it stays, read this to your worker: {id}',
    gone: 'Nothing to see here any more', goneWhy: 'It may be over, or not yours.',
  },
  call: {
    title: 'In a hurry? Call', worker: 'Call the worker', workerWord: 'the worker', doctor: 'Ask the family doctor', open: '{who}, {from}–{to}',
    120: 'Call 120', '120now': 'Call 120 now',
  },
  catalogue: { unreviewed: 'No pharmacist has signed this catalogue yet. When in doubt, ask a doctor.' },
  relay: { walk: '{n} m walk', until: 'open until {time}', closed: 'closed today' },
  kind: { drug: 'Medicine', device: 'Device', supply: 'Supply', class: 'whichever of the kind fits' },
  who: { adult: 'Adult', elder: 'Elder', child: 'Child', pregnant: 'Pregnant', nursing: 'Nursing' },
  age: {
    '0-2m': 'under 3 mo', '3-5m': '3–5 mo', '6-11m': '6–11 mo', '1y': '1 year', '2y': '2 years', '3-4y': '3–4 years', '5y': '5 years',
    '6-11y': '6–11 years', '12-17y': '12–17 years', adult: 'an adult', elder: 'an elder',
  },
  urgency: { now: 'Now', today: 'Today', days: 'In two days' },
  seal: { box: 'Unopened box', blister: 'Intact blister', opened: 'Opened' },
  care: { alone: 'elder living alone (ledger)', frail: 'frail (ledger)' },
  role: { resident: 'Resident', volunteer: 'Volunteer', worker: 'Grid worker', leader: 'Grid leader', doctor: 'Family doctor', operator: 'City operator' },
  form: { optional: 'optional', pick: 'Tap to pick', amount: 'Amount ({unit})', less: 'less', more: 'more', year: '{n}', month: '{n}', whichYear: 'Year', whichMonth: 'Month' },
  search: {
    placeholder: 'e.g. fever, Panadol, N95', isIt: ' is this', any: '{name}, any kind', locked: 'Not freely swapped while pregnant or nursing',
    near: 'No such name. One of these?', none: 'No such name', askWorker: 'Let the worker identify it', others: 'Show the others', offline: 'Offline; names cannot be looked up',
  },
  state: {
    recalled: 'Recalled', held: 'Call 120 first', looking: 'Looking', asked: 'Your word', agreed: 'Waiting for drop-off', moving: 'Being checked', ready: 'Ready',
    done: 'Done', unmet: 'Not found this time', cancelled: 'Cancelled', matched: 'Matched',
  },
  line: {
    recalled: 'Do not take it; we collect', ready: 'At the relay until {time}', moving: 'At the relay point, being checked', agreed: 'A neighbour drops it off by {time}',
    agreedSoon: 'A neighbour drops it off at the relay', asked: 'One of the same kind was found; have a look', held: 'Your worker knows and looks first',
    done: 'Done, thank your neighbour', unmet: 'We looked and found none; you may ask again', cancelled: 'No longer looking', looking: 'Looking in your grid',
    next: '{why}; next look {time}', worker: '{why}; if none {time}, your worker contacts you', until: '{why}; looking until {time}', part: '{got} for now, {open} still to find',
  },
  home: {
    elder: 'Large', ask: 'I need medicine', askHint: 'We look for you', give: 'I have spare', giveHint: 'Sealed, in-date home drugs',
    mine: 'My things', open: '{n} open', code: 'Code', empty: 'Nothing to do now', emptyWhy: 'Tap “I need medicine”, or share what you can spare.',
    suggestElder: 'Larger type? Try the large version, its buttons are larger too.',
  },
  board: {
    title: 'Neighbours need', shown: 'Building only', have: 'I have', found: 'already matched', fresh: '{n} new, tap to see', empty: 'Nobody is short',
    emptyWhy: 'New requests show up here at once.', hidden: 'This grid', now: 'now', today: 'today', days: '2 days',
  },
  elder: {
    morning: 'Good morning', noon: 'Good day', afternoon: 'Good afternoon', evening: 'Good evening', back: 'Standard view', askHint: 'Tap here, pick one',
    callHint: '{who} helps you', ready: 'It is here, ready', readyAt: '{what}, at {where}.', say: 'Say this number:', until: 'Kept until {time}',
    how: 'How to collect', what: 'What do you need?', pick: 'Tap one:', other: 'Another? Ask the worker', otherHint: '{who}', type: 'Type a name',
    right: 'Send it like this?', myself: 'Myself', when: 'When', danger: 'Do not wait, call 120. Tap here.', fever: 'Fever over three days: ',
    feverGo: 'see a doctor today.', send: 'Yes, send it', sendNone: 'None of these, send it', cannot: 'Call the worker instead', another: 'Another medicine',
    hint: { pill: 'Ibuprofen, paracetamol', test: 'COVID test', mask: 'For going out', temp: 'Takes the temperature' },
  },
  ask: {
    title: 'I need medicine', what: 'What', whatHint: 'name, brand or pinyin', whom: 'For whom', childAge: 'How old is the child?',
    much: 'How much', muchHint: 'a small portion first', when: 'When', how: 'How', collect: 'I collect it', see: 'Who may see it',
    note: 'Anything to add', carrying: 'Let a doctor decide now', carryingWhy: 'The week and what you take both matter.',
    check: 'Does any of this apply?', checkHint: 'tick what does', longFever: 'Fever for more than three days already', allNone: 'None of these', restNone: 'None of the others',
    careful: 'Before taking it', pickItem: 'Pick what you need first', pickWho: 'Say for whom', cannot: 'This one cannot be sent', answerFirst: 'Answer the questions above first',
    send: 'Send', sendWorker: 'Send to the worker', sent: 'Sent',
    preview: 'Neighbours see only “{what}”, not the age or for whom. Door and phone are asked for each time and hidden 7 days after.',
    previewPrivate: 'Only your worker sees this request. Door and phone are asked for each time and hidden 7 days after.',
  },
  see: {
    neighbours: 'Neighbours', neighboursHint: 'building and item only', neighboursOff: 'agree under “My privacy” first', worker: 'Worker only', workerHint: '{who} looks quietly',
  },
  danger: {
    note: 'Do not wait for medicine: call 120', list: 'Cannot breathe, chest pain, convulsion, cannot be woken, oxygen 93 or below', have: 'Some of this applies',
    doctor: 'See a doctor today', doctorList: 'Fever over three days; a baby under 3 months with fever.', which: 'Which of these, now?',
    whichHint: 'Any one of them: call 120 first, do not wait for medicine.', go: 'Yes, call 120 first', none: 'None of these', first: 'Call 120 first',
    then: 'After 120, tell your worker', thenWhy: 'She sees it at once. We look for medicine after she has reached you.', tell: 'Tell the worker', mistake: 'A mistake, none of these',
  },
  verdict: {
    doctor: 'Ask a doctor first',
    go: {
      emergency: 'Call 120 first.', doctor: 'Please ask your family doctor or the health centre.', recovery: 'Please hand it in at a pharmacy or health centre.',
      recoveryAt: 'You may bring it to {name}; it is handed in for disposal.', worker: 'Please call your worker; she helps.',
    },
  },
  offer: {
    title: 'I have spare', what: 'What is it', whatHint: 'as on the box', strength: 'Strength', strengthHint: 'as on the box', strengthFor: 'e.g. 0.5 g',
    much: 'How many', expires: 'Expires', left: 'Good until {date}, {n} days left', seal: 'Is it opened?', how: 'How', bring: 'I drop it at the relay',
    more: 'Add another', drop: 'Remove', refused: 'These {n} cannot be taken', why: 'why', never: 'Not taken either: expired, loose, unnamed or chilled. All free: no money, no swaps.',
    send: 'Share {what}', sendMany: 'Share {n} things', fill: 'Fill in the rest', cannot: 'This one cannot be taken', sent: 'Shared, thank you',
  },
  bag: {
    give: 'Give a whole bag', giveHint: 'no list, one code', giveGo: 'Give a bag, get a code', why: 'Put what you can share into a bag, bring it to {where} and say this code. The worker checks it with you, item by item; what cannot be taken is explained.', go: 'Yes, a code please', hero: { waiting: 'Please bring it', open: 'Being checked', done: 'All checked, thank you', cancelled: 'Not brought', lapsed: 'Not brought in time' },
    due: 'Please bring it by {time}', how: 'Let her scan it, or say these six digits.', cancel: 'I do not bring it', empty: 'What was taken and what was not will stand here.', sum: '{taken} taken, {refused} not', kept: 'The point hands in what was not taken', back: 'Given back to you at once', notTaken: 'Not taken', queued: 'A whole bag',
  },
  request: {
    title: 'Request', again: 'Already posted, not doubled. This is the one you have.', tell: 'We tell you', tellWhy: 'No need to keep watching.',
    urgent: 'It is urgent now', cancel: 'Not needed', callRelay: 'Call the relay point', askAgain: 'Ask again', wrong: 'Something wrong? Call the worker',
    why: 'Why not yet', byNeed: 'By need, not by speed.',
  },
  hero: {
    recalled: 'Recalled: do not take it', held: 'Call 120 first', looking: 'Not matched yet', asked: 'Your word', agreed: 'Matched', moving: 'Being checked', ready: 'Ready to collect', done: 'Done',
    unmet: 'Not found this time', cancelled: 'No longer looking', keptUntil: 'kept until {time}', waits: '{who} is there', waited: 'waiting {span}', justNow: 'just sent',
    next: 'Next look {time}', worker: 'If none {time}, your worker contacts you', left: '{span} to go', heldWhy: 'People first. Your worker has seen it and reaches you before we look for medicine.',
  },
  match: {
    for: 'for {who}', until: 'good until {date}', left: '{n} days left', why: 'Why this one', leaflet: 'Read the leaflet first',
    leafletWhy: 'Cold remedies often lower fever too; never together. Liver, kidney or stomach trouble: ask a doctor.',
    recalled: 'Recalled: do not take it; we collect', recalledWhy: 'Batch {batch}. Put it aside, your worker comes. If you took it and feel unwell, ask a doctor now.', fetched: 'The recalled one has been fetched',
  },
  code: {
    picture: 'Pickup code as a picture; the digits stand below', how: 'Let her scan it, or say these six digits. Single use.', way: 'The way', got: 'Got it', hours: 'Open',
    today: 'today {from}–{to}', who: 'Who is there',
  },
  asked: {
    head: 'Neighbours look for', hint: 'You might have it', title: 'A neighbour needs {what}. Have you some?', near: 'In your micro-grid', until: 'answer by {time}', kinds: 'Any of these helps: {names}',
    yes: 'I have', no: 'No', for: 'For this neighbour', forWhy: 'It is kept once they say yes. They do not learn who gave it.',
  },
  proposed: { title: 'A neighbour can give you {what}', how: 'checked by your worker first', yes: 'Yes, thank you', no: 'No, thanks' },
  review: {
    link: 'Not right? Let your worker look', title: 'Let your worker look', means: 'Rules decide who gets what. If that looks wrong, your worker looks again and tells you.', what: 'What is wrong', go: 'Ask her to look',
    open: 'Your worker is looking', stands: 'Your worker looked: it stands', helped: 'Your worker looked and did something', today: 'Please look', todayHint: 'Somebody finds it wrong',
    reply: 'A word to them', decide: { stands: 'It stands', helped: 'Done something' }, see: 'See this one',
  },
  worker: {
    title: 'Still looking; you can', why: 'They say: {why}', confirm: 'Confirm it is urgent', widen: 'Look further', confirmMeans: 'Only after you looked or asked: it then ranks above what people declare.', confirmed: 'Confirmed as urgent; it ranks first.',
  },
  swap: {
    title: 'May we give one of the same kind?', found: '{name} is near; it needs your word.', look: 'Have a look', why: 'No {name} near. Only reviewed pairs, adults only.',
    yours: 'You asked', missing: 'not found', this: 'This one', until: 'until {date}', careful: 'Cold remedies often hold it too',
    carefulWhy: 'Taking 999, Kuaike, Gankang, Tylenol Cold, Day & Night or Vitamin C Yinqiao? Do not add it.', yes: 'Yes, swap', none: 'None of it, and not taking any', refuse: 'No, keep looking',
    take: 'Take this one', first: 'Answer first', kept: 'Kept for you until {time}, then we go on looking',
  },
  contact: {
    none: 'Reach the other side directly?', theirs: 'They would like to exchange phones', mine: 'You agreed; waiting for them', both: 'See their phone', title: 'Show them your door and phone?',
    titleBoth: 'Their door and phone', about: { giver: 'A neighbour needs {what}. Nothing is shown unless both agree.', receiver: 'A neighbour gives you {what}. Nothing is shown unless both agree.' },
    see: 'They see: {door}, your phone (ends {tail})', days: 'No longer shown 7 days after; readings are logged', never: 'Never in groups or on the board',
    relay: 'No need to: everything goes through the relay point.', waiting: 'You agreed; waiting for them.', refuse: 'No', agree: 'Agree for this one',
    takeBack: 'Take back', once: 'This once only. Take it back here any time.', logged: 'Each reading is logged.', read: 'Show', until: 'shown until {time}',
  },
  step: {
    seen: 'Sealed · readable · in date', matchedUnits: '{n} found so far', looking: 'Looking', next: 'Next look', lookUntil: 'Looking until', workerNext: 'If none, your worker contacts you',
    held: 'Your worker reaches you', afterHeld: 'Then we go on looking', asked: 'Same kind found, your word', bring: 'A neighbour drops it off',
    bringWhy: 'If it does not come, we go on looking', check: 'The worker checks it', collect: 'You collect it', checking: 'The worker is checking it', inBox: 'In the box, waiting for you', inBoxUntil: 'kept until {time}',
    closes: 'Closes itself once collected', kept: '{n} kept for neighbours', keptUntil: 'kept until {time}, then back in the box', until: 'by {time}',
    restBox: '{n} left in the box, greater need first', restHome: '{n} left for whoever needs it',
    need: {
      need_opened: 'You asked', need_matched: 'Matched', need_reopened: 'Fell through, still looking', need_unmet: 'Not found this time', need_cancelled: 'Not needed any more',
      need_cleared: 'Your worker looked; we go on', need_urgency: 'It became urgent', need_widened: 'Looking further', need_confirmed: 'Your worker confirmed it is urgent', lot_handed_in: 'Dropped off at the relay', lot_checked_in: 'Checked',
      handover_ready: 'Ready to collect', handover_done: 'Collected, done', match_declined: 'That one fell through, still looking', match_refused: 'That one failed the check, still looking',
      match_lapsed: 'That one never came, still looking', handover_reissued: 'New pickup code',
    },
    lot: {
      lot_offered: 'You shared {n}', lot_handed_in: 'Dropped off at the relay', lot_checked_in: '{who} checked it', lot_booked_in: '{who} checked it in', lot_recalled: 'This batch was recalled', lot_recovered: 'Handed in for disposal', lot_given_back: 'Given back to you', lot_refused: 'Could not be taken', lot_withdrawn: 'Taken back',
      lot_expired: 'Expired, no longer given', lot_reserved: 'A neighbour needs it', match_declined: 'One no longer needs it', match_cancelled: 'One no longer needs it',
      match_lapsed: 'Not dropped off, released', handover_done: 'One collected',
    },
    give: {
      proposed: 'One is considering {n}', agreed: 'One needs {n}; please drop it off', moving: '{n} being checked', ready: '{n} waiting to be collected',
    },
  },
  lot: {
    title: 'My offer', figures: { given: '{n} given', kept: '{n} kept for neighbours', left: '{n} left' }, closedLine: 'Nothing was given', bringBy: 'Please drop it off by {time}',
    thanks: 'thank you', wanted: 'A neighbour needs {n}', bringTo: 'Please bring it to {where} by {time}.', brought: 'I dropped it off', cannot: 'I cannot',
    where: 'Where {n} went', unknown: 'They do not know it is from you, and you do not see their door.', again: 'Share again', takeBack: 'Take back {n}',
    takeBackGo: 'Take back', takeBackBox: 'It still lies in the box; please collect it at the relay.', takeBackHome: 'Nobody else gets it; what is kept for neighbours stays.', leave: 'Leave it',
    mark: { asked: 'Your word', bring: 'Please bring', moving: 'Being checked', boxed: 'To be collected', shared: 'I share', useful: 'Put to use', closed: 'Closed' },
    hero: { asked: 'Your word', bring: 'Matched, please bring it', moving: 'Dropped off, being checked', boxed: 'In the box, to be collected', shared: 'Shared', useful: 'Your medicine helped', closed: 'Closed' },
    part: { given: 'Given', kept: 'Kept', left: 'Left', leftBox: 'Left in the box', back: 'Taken back', expired: 'Expired' },
  },
  cancel: { title: 'Not needed?', what: '{what}: we stop looking.', kept: 'What is kept for you goes back for others.', stay: 'Keep waiting', go: 'Not needed' },
  urgent: { title: 'Urgent now?', why: 'What happened', seen: 'Only you and your worker see this.', go: 'Urgent, look first for me' },
  today: {
    title: 'Linli · worker', tab: 'Today', homes: '{n} homes', dangers: 'People first', dangersHint: 'reach them, then clear', danger: 'Danger sign',
    dangerWhat: 'They were told to call 120. Tap once you reached them and all is well.', clear: 'Reached them, go on', urgent: 'Not matched yet', longest: 'longest waiting first',
    lookUntil: 'looking until {time}', callBy: 'If none {time}, please contact them', next: 'Next', byTime: 'by time', check: 'Check {what}', from: 'from {where}', handedIn: 'dropped off', awaited: 'on its way',
    for: 'for {n} homes', checkGo: 'Check', fetch: '{where} collects', giveGo: 'Give', claims: '{n} to approve', claimsHint: 'Scanned a door, say they live there', claimsGo: 'Look', collect: 'Fetch {what} at {where}', collectHint: 'recalled: not to be taken', collectGo: 'Fetch', bag: 'A bag from {where}', bagHint: 'awaited', bagOpen: 'not empty yet', bagGo: 'Book in', box: 'Box',
    late: '{span} late', in: 'in {span}', quiet: 'All done', quietWhy: 'New requests and checks show up here at once.', doorSheet: 'Print door codes', invite: 'Invite a volunteer',
    inviteWhy: 'Send this link to the person. Valid until {date}, single use.', n: { short: 'Short', to_check: 'To check', to_hand_over: 'To give', claims: 'To approve' },
  },
  check: {
    title: 'Check in', sealed: 'Unopened', sealedHint: 'whole box or blister', readable: 'Name and strength readable', readableHint: 'same on box and blister', inDate: 'In date',
    inDateHint: 'write the expiry', otc: '“OTC” on the box', otcHint: 'without it, refuse', batch: 'Batch', left: '{n} days left', over: 'Expired', counted: 'Count it',
    cut: 'Cut pieces each carry a label', cutInto: 'Cut into {n}: {list}', labelled: 'Every piece is labelled', print: 'Print {n} labels', box: 'BOX',
    refuse: 'Refuse', take: 'Take it into the box', first: 'Check each point first', cannot: 'One point fails; cannot take', taken: 'Taken in', gone: 'This one has been checked already',
  },
  label: { strength: 'Strength', batch: 'Batch', expires: 'Expires', count: 'Count', number: 'No.' },
  refuse: {
    title: 'Why refuse?', hint: 'The giver reads this. It goes back, not into the box.', opened: 'Opened, or blister broken', expired: 'Expired', unreadable: 'Name or strength unreadable',
    no_otc: 'Prescription, or no “OTC”', cold: 'Needs a fridge', other: 'Damp, discoloured, crushed', again: 'Look again', go: 'Refuse and tell', sends: 'Tells them: “{said}”',
    said: '{name} {why}. For safety we cannot take it. Thank you; please collect it at the relay, or let us hand it in.',
    told: { opened: 'was opened or its blister is broken', expired: 'has expired', unreadable: 'has no readable name and strength', no_otc: 'has no OTC mark', cold: 'needs a fridge', other: 'is damp or crushed' },
  },
  hand: {
    title: 'Hand over', tab: 'Hand over', scan: 'Scan their code', type: 'Type the six digits they say', typed: 'Code, {n} digits typed', keys: 'Digits', clear: 'Clear', back: 'Delete', tries: 'Five wrong tries lock it; {n} left',
    locked: 'Locked', lockedWhy: 'Too many tries; this one is locked', reissue: 'Issue a new code', pick: 'First tap whose it is, then type', waiting: 'Waiting to collect', order: 'soonest due first',
    none: 'Nobody is waiting', noneWhy: 'What has been checked queues here.', ok: 'Done', done: '{what} given to {where}.',
  },
  scan: { title: 'Point at the code', hint: 'It reads by itself.', denied: 'No camera; please type the digits.' },
  claims: {
    title: 'Approve homes', hint: 'Every binding is approved, the first too.', yes: 'Lives here', no: 'Not this home', noGo: 'Do not approve', why: 'Tell them why', none: 'Nobody waits',
    noneWhy: 'Who scans a door shows up here.', noName: 'No name given', tail: 'phone ends {tail}',
  },
  shares: {
    title: 'How it was shared', span: 'How far back', today: 'Today', days: 'Last {n} days', sum: '{homes} homes asked for {needs} things; {served} homes got {got}', row: 'asked for {needs}, got {got}', gave: 'gave {n} times',
    waits: 'Still waiting', nothing: 'Got nothing', some: 'Got some', all: 'Got all', gaveOnly: 'Gave only', none: 'Nobody asked in these days', noneWhy: 'Who asks or gives shows up here.', order: 'Who got the least stands first. Things are counted, not units: tablets and masks do not add up.',
  },
  overview: {
    title: 'City overview', refresh: 'Refresh', path: 'Above', below: 'One level down', name: 'Name', needs_open: 'Looking', units_open: 'Units short', matched: 'Matched', fulfilled_today: 'Done today',
    lots_free: 'Spare', demo: 'Demo figures', only: 'Figures only: no names, doors or phones.',
  },
  privacy: {
    title: 'My privacy', own: 'Only you and your worker see this', consents: 'What I agreed to', terms: 'Privacy guide and house rules', health: 'Use my health needs', board: 'Neighbours see building and item', contact: 'Door and phone, once',
    asks: 'Ask me when a neighbour needs something', night: 'At night too, when it is urgent', asksMeans: 'three times a day at most; never who needs it', nightMeans: 'only what is needed now', termsMeans: 'without it you cannot post', healthMeans: 'without it you cannot ask', boardMeans: 'optional; otherwise worker only', granted: 'Agreed', notGranted: 'Not agreed', withdrawn: 'Taken back',
    give: 'Agree', takeBack: 'Take back', history: 'History', none: 'No entries yet', contactWhy: 'Door and phone are asked for each time, hidden 7 days after, and readings are logged.', signOut: 'Sign out on this phone',
    quit: 'Leave Linli', quitTitle: 'Leave Linli?', quitGone: 'Emptied: name, phone, home, notes and what you said of your health.', quitStays: 'Kept: what was given and received and when, and your consents. None of it names you.', quitBack: 'To come back, scan the code on your door again.', quitYes: 'Empty and leave', quitNo: 'Stay',
  },
  settings: { title: 'Settings', theme: 'Display', themeHint: 'size of type and buttons', normal: 'Standard', elder: 'Large' },
  enter: {
    demo: 'Demo: be one of them', demoHint: 'One tap. People and addresses are invented.', two: 'Two sides at once? Open another window and be somebody else.', door: 'The code on your door', doorHint: 'Scan the door code, or type its number.',
    go: 'Use this number', invited: 'Invited workers and volunteers: open your invitation link.', ended: 'Signed out; tap to enter.',
  },
  bind: {
    title: 'Bind my home', invited: 'Accept an invitation', head: 'The code on your door', hint: 'Once only; you never type an address.', code: 'Door code', scan: 'Scan the door', name: 'Your name', nameHint: 'for the worker',
    phone: 'Phone', phoneHint: 'kept encrypted, shown only when you agree', pending: 'Until approved: look, not post', pendingWhy: 'Every binding is approved, the first too. The code holds no name or address.', none: 'No code on the door? Call your worker.', go: 'This is my home, apply',
    invitedTitle: 'You are invited', invitedHint: 'Write your name to begin. The link works once.', invitedCode: 'Invitation', take: 'Accept', found: 'Found: a home in {place}', sent: 'Applied', hidden: 'The door shows after approval', next: 'See how privacy is kept',
  },
  consents: {
    title: 'Linli 邻里药箱', of: 'The shared box of {place}', before: 'Three things before you start', know: 'What we know', knowText: 'What you need and for whom. Health information, used only to find medicine.', see: 'What neighbours see',
    seeText: 'If you agree: “Bldg 3 · fever medicine”.', door: 'Door and phone', doorText: 'Asked each time, for one home, hidden 7 days after.', terms: 'I have read and accept the ', guide: 'privacy guide', and: ' and the ', rules: 'house rules',
    healthBefore: 'I ', apart: 'separately agree', healthAfter: ' to the use of my health needs', board: 'Neighbours of my micro-grid may see building and item', optional: 'optional', boardElse: 'Works without it; then worker only', children: 'Under 14 a guardian agrees. Take it back any time under “My privacy”.',
    tick: 'Tick the first two', bind: 'Bind my home', agree: 'Agree and go on', later: 'Just look',
  },
  past: { title: 'All records', asked: 'Asked', given: 'Shared', none: 'No records yet', more: 'Show more' },
  about: {
    title: 'About', what: 'What this is', whatText: 'Linli connects those who lack medicine with neighbours who can spare some: say what you need, we find the best fit, it is checked at the relay point and handed to you.\nAll free. Only given, never sold or swapped.',
    privacy: 'Privacy guide', privacyText: 'We know what you need, for whom and which home, only to find medicine.\nNeighbours see building and item, if you agree.\nDoor and phone are asked for each time, need both sides, and are hidden 7 days after; readings are logged.\nNames, phones, doors and notes are stored encrypted. Take consents back any time; “My privacy” empties it all at one press.',
    rules: 'House rules', rulesText: 'Give only sealed, in-date, clearly named home drugs; no prescription, opened or chilled ones.\nA worker checks every item before it is handed over.\nNo money, no swaps, no asking who it is.\nRead the leaflet; when in doubt ask a doctor.',
    safety: 'When not to wait', safetyText: 'Cannot breathe, chest pain, convulsion, cannot be woken, oxygen 93 or below: call 120 now.\nFever over three days, a baby under 3 months with fever: see a doctor today.',
    catalogue: 'Catalogue', reviewed: 'Version {version}, reviewed by {who}.', unreviewed: 'Version {version}; no pharmacist has signed it yet. The stricter reading wins; when in doubt ask a doctor or pharmacist.',
  },
}
export default en
