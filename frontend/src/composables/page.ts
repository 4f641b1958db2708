/** Shows a page that only the token may read: it is read here and opened as one of its own, to be printed. */
export function showPage(html: string): void {
  const address = URL.createObjectURL(new Blob([html], { type: 'text/html' }))
  window.open(address, '_blank') ?? window.location.assign(address)
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
