import type { FormRequest } from './request-form.js'

/** The request as code to copy. */
export function asCode({ url, init, types, last }: FormRequest): string {
  const lines = Object.entries(init)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => `  ${name}: ${literal(value, '  ')},\n`)
  if (last !== '') lines.push(`  complete: ${predicate(types.includes(last) ? 'type' : 'data', last)},\n`)
  const options = lines.length === 0 ? '' : `, {\n${lines.join('')}}`
  const listeners = types
    .filter(type => type !== last)
    .map(type => `source.addEventListener(${literal(type, '')}, event => show(event.data))`)
  return [`const source = new EventSource(${literal(url, '')}${options})`, '', ...listeners].join('\n')
}

function predicate(member: string, value: string): string {
  return `({ ${member} }) => ${member} === ${literal(value, '')}`
}

function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = `${indent}  `
  const members = Object.entries(value).map(([name, member]) => `${inner}${key(name)}: ${literal(member, inner)},\n`)
  return `{\n${members.join('')}${indent}}`
}

function key(name: string): string {
  return /^\w+$/.test(name) ? name : `'${name}'`
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
