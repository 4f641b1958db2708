import type zh from './zh'

const en: typeof zh = {
  box: {
    title: 'Shared box', lots: '{n} lots', of: '{n} lots of {max}', full: 'Full: {n} of {max}', add: 'Book in', all: 'All {n}', until: 'until {date}', noDate: 'no date',
    chip: { stopped: 'Stopped {n}', soon: 'First {n}', kept: 'Kept {n}', unchecked: 'To check {n}' },
    part: { free: 'Free · {n} days', always: 'Free', soon: 'Use first · {n} days', kept: 'For {where}', keptOne: 'For a home', stopped: 'Stopped · {why}', unchecked: 'To check' },
    find: 'Item or batch', bags: 'Bags {n}', count: 'Count', out: 'Hand in what is stopped', recalls: 'Recalls', stoppedTitle: '{n} are stopped', stoppedWhy: 'Put them apart; hand them in, or give them back.',
    empty: 'The box is empty', emptyWhy: 'What is taken in stands here by expiry.', nothing: 'Nothing of that kind', nothingWhy: 'Try another filter.', none: 'No relay point near', noneWhy: 'Once there is one, its box shows here.', more: 'Show more', run: 'Run the point', who: 'Who held it',
    why: {
      expired: 'expired', giver: 'taken back', giver_declined: 'taken back', recalled: 'recalled', broken: 'broken', short: 'short', refused_opened: 'opened', refused_unreadable: 'unreadable', refused_expired: 'expired', refused_no_otc: 'no OTC', refused_cold: 'chilled', refused_other: 'damaged',
      spoiled: 'spoiled', unrecorded: 'unrecorded', not_found: 'not found', other: 'not to give',
    },
  },
  bags: {
    title: 'Whole bags', type: 'Type the six digits they say', scan: 'Scan their code', waiting: 'Awaited', open: 'Being booked in', from: 'A bag from {where}', due: 'by {time}', go: 'Go on', none: 'No bag is awaited', noneWhy: 'When a neighbour gives a whole bag, it shows here.', items: '{taken} taken, {refused} not',
  },
  book: {
    title: 'Book in', who: 'Whose is it', household: 'A home', walk_in: 'No account', community: 'Bought by us', bag: 'The bag from {where}', whose: 'Which home', whoseHint: 'building, unit or door', pick: 'Pick the home first', noHome: 'No such home', what: 'What is it', seal: 'Is it opened?', refuse: 'Refuse', take: 'Take it in',
    first: 'Check each point first', cannot: 'One point fails; cannot take', taken: 'Took in {what}', refused: 'Refused {what}', unnamed: 'Nobody can tell what it is', unnamedGo: 'Cannot be named, refuse', kept: 'It stays here, we hand it in', keptHint: 'otherwise it goes back at once', done: 'The bag is empty', closed: 'The bag is done', soFar: 'So far', notTaken: 'not taken',
    reserved: 'Somebody waits for it; hand over', item: 'One by one: take it or refuse it.',
  },
  count: {
    title: 'Stock-take', hint: 'Count lot by lot. It is saved on this phone; you may stop half-way.', should: 'should be {n}', right: 'As it should be', wrong: 'Another number', usable: 'Fit to give', stopped: 'Stopped', spoiled: 'Spoiled of these', why: 'What of the missing?', unrecorded: 'Given, not recorded', not_found: 'Not found',
    surplus: 'Check and book in here what is too much; it counts as ours.', progress: '{n} of {all} counted', go: 'Finish the count', first: '{n} still to count', done: 'Counted', again: 'Start anew', same: 'All as it should be', differ: '{n} differ', history: 'Earlier counts', by: '{who} counted {n}', line: 'should {should}, counted {counted}', bad: '{n} spoiled', surplusLine: '{n} too much', none: 'The box is empty: nothing to count', no: 'No counts yet',
  },
  recovery: {
    title: 'Hand in', hint: 'What may not be given goes to a pharmacy or health centre. Nobody destroys it.', pick: 'Which', place: 'To whom', placeHint: 'pharmacy, health centre', receipt: 'Number of their receipt', go: 'Handed in, keep the receipt', none: 'Nothing is stopped', noneWhy: 'What is expired, recalled or refused stands here.', back: 'Give back', backWhy: 'Give it back in person, with thanks.', backGo: 'Given back', done: 'Kept', gone: 'Given back',
    receiptTitle: 'Receipt', history: 'Earlier receipts', number: 'Receipt {n}', by: 'Brought by', from: 'From', to: 'To', when: 'When', print: 'Print', sign: 'Signature', lots: '{n} lots',
  },
  recall: {
    title: 'Recalls', one: 'Recall', start: 'Recall a batch', item: 'Which', batch: 'Batch', reason: 'Why', reasonHint: 'those who have it read this', go: 'Recall this batch', sure: 'Recall {what}, batch {batch}?', means: 'In this grid and all below it stops at once. Who waits for it gets another; who has it is asked not to take it, and you fetch it. It cannot be undone.', goSure: 'Recall',
    running: 'under way, {n} left', done: 'all stopped', lots: '{n} lots', stopped: '{n} stopped', asked: '{n} homes have it', collected: '{n} fetched', none: 'No recalls', noneWhy: 'When you are notified, enter item and batch here.', collect: 'To fetch back', collectHint: 'explain it at the door', where: '{where}: {what}', took: 'Fetched', tick: 'Fetched', used: 'Used up', ticked: '{got} of {units} fetched', no: 'Nobody was given of this batch', grid: '{name} and below',
  },
  chain: {
    title: 'Who held it', hand: { home: '{name}', box: '{name}', carrier: '{name}', recovery: 'Recovery {name}', nowhere: 'Not found' }, home: 'A home', step: '{from} → {to}', by: '{who}', empty: 'Still with its giver',
    why: { hand_in: 'Dropped off', book_in: 'Booked in', give: 'Handed over', fetch: 'Fetched at the door', drop: 'Put down, to be checked', send: 'Taken out', back: 'Not delivered, brought back', carried: 'Box carried over', unsafe: 'Not to be given, taken back', loan_back: 'Loan brought back', loan_lost: 'Loan lost', loan_broken: 'Loan broken', short: 'Missing', unrecorded: 'Given, not recorded', not_found: 'Not found', recall: 'Fetched back', recovery: 'Handed in', give_back: 'Given back', other: 'Changed hands' },
  },
}
export default en
