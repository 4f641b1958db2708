import type { Reason, Refusal } from './types'

export interface FieldProblem {
  path: string
  reason: string
  message: string
}

/** Document is the body of an application/problem+json answer. */
export interface Document {
  status: number
  code: string
  detail: string
  reason: string
  args?: Record<string, string>
  errors?: FieldProblem[]
  request_id?: string
  refused?: Refusal[]
}

/**
 * Problem is every way in which a call does not succeed. Status 0 means that
 * nobody answered: the words of the page then speak of the net, not of a fault.
 */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly reason: string
  readonly args: Record<string, string>
  readonly fields: FieldProblem[]
  readonly requestId: string
  readonly refused: Refusal[]

  constructor(document: Partial<Document>, requestId = '') {
    super(document.detail ?? '')
    this.status = document.status ?? 0
    this.code = document.code ?? (this.status === 0 ? 'offline' : 'internal')
    this.reason = document.reason ?? ''
    this.args = document.args ?? {}
    this.fields = document.errors ?? []
    this.requestId = document.request_id ?? requestId
    this.refused = document.refused ?? []
  }

  /** Nobody answered: the same call may be sent again later. */
  get offline(): boolean {
    return this.status === 0
  }

  /** Worth another try: not the caller's mistake. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }

  /** The four signs that a person reads out to the worker. */
  get readOut(): string {
    const id = this.requestId.replace(/[^0-9a-z]/gi, '').toUpperCase()
    return id === '' ? '' : `${id.slice(-6, -2)}-${id.slice(-2)}`
  }

  get sentence(): Reason {
    return { code: this.reason, args: this.args }
  }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ status: 0 })
}
