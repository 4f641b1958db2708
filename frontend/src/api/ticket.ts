import { client, read } from './client'

/** A ticket is good for one socket and thirty seconds; the token stays out of the address. */
export const newTicket = () => read<{ ticket: string }>(client.POST('/api/v1/stream/tickets')).then((t) => t.ticket)
