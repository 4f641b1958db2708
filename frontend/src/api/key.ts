/**
 * A new idempotency key. It is made when a form is first sent and kept until
 * the server has answered, so that a second try is the same call.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16)) // randomUUID needs https
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
