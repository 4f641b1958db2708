// Shows the published OpenAPI document as a readable page, without a foreign host.
const el = (tag, text) => Object.assign(document.createElement(tag), { textContent: text ?? '' })

const shape = (schema, doc, depth = 0) => {
  if (!schema) return 'nothing'
  if (schema.$ref) return depth > 3 ? schema.$ref.split('/').pop() : shape(doc.components.schemas[schema.$ref.split('/').pop()], doc, depth)
  const kind = Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type
  if (schema.items) return [shape(schema.items, doc, depth + 1)]
  if (schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([k, v]) => [k, shape(v, doc, depth + 1)]))
  return schema.enum ? schema.enum.join(' | ') : kind
}

const show = (doc) => {
  const main = document.getElementById('routes')
  main.replaceChildren()
  const byTag = {}
  for (const [path, item] of Object.entries(doc.paths))
    for (const [verb, op] of Object.entries(item)) (byTag[op.tags?.[0] ?? 'other'] ??= []).push({ path, verb, op })
  for (const [tag, rows] of Object.entries(byTag)) {
    main.append(el('h2', tag))
    for (const { path, verb, op } of rows) {
      const details = el('details')
      const summary = el('summary')
      const name = el('span', verb.toUpperCase())
      name.className = 'verb'
      summary.append(name, el('code', path), el('span', ' ' + (op.summary ?? '')))
      details.append(summary)
      const body = op.requestBody?.content?.['application/json']?.schema
      if (body) details.append(el('p', 'Send'), el('pre', JSON.stringify(shape(body, doc), null, 2)))
      for (const [status, answer] of Object.entries(op.responses ?? {})) {
        const out = answer.content?.['application/json']?.schema
        if (out) details.append(el('p', 'Answer ' + status), el('pre', JSON.stringify(shape(out, doc), null, 2)))
      }
      main.append(details)
    }
  }
}

fetch('/openapi.json').then((r) => r.json()).then(show, (e) => { document.getElementById('routes').textContent = String(e) })
