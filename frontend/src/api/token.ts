// Where the token lies. A demo persona belongs to one tab, so that two windows
// of one browser can play two people; a real person stays signed in.
const name = 'linli.token'

export function readToken(): string {
  return sessionStorage.getItem(name) ?? localStorage.getItem(name) ?? ''
}

export function keepToken(token: string, tabOnly: boolean): void {
  forgetToken()
  const place = tabOnly ? sessionStorage : localStorage
  place.setItem(name, token)
}

export function forgetToken(): void {
  if (sessionStorage.getItem(name) !== null) sessionStorage.removeItem(name)
  else localStorage.removeItem(name)
}
