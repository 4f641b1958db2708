/**
 * The clipboard, as far as a phone lets us: reading wants a tap and often a yes, and
 * inside WeChat there is none. What was read on the page before waits here.
 */
let waiting: Promise<string> | null = null

/** Reads it in the tap that leads to the page. */
export function takeClipboard(): void {
  waiting = readClipboard()
}

/** What was read on the way here, once. */
export async function takenText(): Promise<string> {
  const text = await (waiting ?? Promise.resolve(''))
  waiting = null
  return text
}

export async function readClipboard(): Promise<string> {
  try {
    return (await navigator.clipboard?.readText?.()) ?? ''
  } catch {
    return ''
  }
}

/** Copies a text that has yet to be fetched, in the tap that asked for it. False: by hand. */
export async function copyFetched(fetching: Promise<string>): Promise<boolean> {
  try {
    if (typeof ClipboardItem !== 'undefined' && navigator.clipboard?.write) {
      const blob = fetching.then((text) => new Blob([text], { type: 'text/plain' }))
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]) // Safari wants the promise, within the tap
      return true
    }
    await navigator.clipboard.writeText(await fetching)
    return true
  } catch {
    await fetching // what went wrong with the text itself is the page's to say
    return navigator.clipboard?.writeText ? navigator.clipboard.writeText(await fetching).then(() => true, () => false) : false
  }
}
