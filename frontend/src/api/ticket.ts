import { call } from './client'

/** A ticket is good for one socket and thirty seconds; the token stays out of the address. */
export const newTicket = () => call<{ ticket: string }>('POST', '/stream/tickets').then((t) => t.ticket)
