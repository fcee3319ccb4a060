// A bar chart of CPU compared with the browser's own class: per event, and for the first use.
import { contestants, newcomers } from './arena.mjs'
import { aboveNative } from './report-first.mjs'
import { ratio } from './statistics.mjs'

const shown = ['tokens', 'ticks', 'unicode', 'multiline']
const bar = { height: 14, gap: 4 }
const left = 290
const width = 480

/** Length of the longest first-use bar, in milliseconds. */
const firstUseEnd = 10

const row = (y, name, label, share, text) => {
  const length = Math.max(1, share * width)
  const isOurs = name.startsWith('ours') && name !== 'ours-platform'
  return `
  <text x="${left - 8}" y="${y + 11}" text-anchor="end"${isOurs ? ' font-weight="bold"' : ''}>${label}</text>
  <rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${bar.height}" rx="2" fill="${isOurs ? '#0a7f5a' : name === 'native' ? '#5b6b7b' : '#a9b4bf'}"/>
  <text x="${(left + length + 6).toFixed(1)}" y="${y + 11}">${text}</text>`
}

/** A contestant's CPU relative to the native class, as a bar that is cut at 2. */
const eventRows = (results) =>
  Object.entries(contestants).flatMap(([name, { label }]) => {
    const share = ratio(results, name, 'native')
    return share === undefined ? [] : [[name, label, Math.min(share, 2) / 2, `${share.toPrecision(2)}${share > 2 ? ' →' : ''}`]]
  })

const firstUseRows = ({ results }) =>
  Object.entries(newcomers).map(([name, { label }]) => {
    const above = aboveNative(results, name, 'cpuMs')
    return [name, label, Math.min(Math.max(above, 0) / firstUseEnd, 1), above.toFixed(1)]
  })

export const chart = (throughput, first) => {
  const panels = [
    ...shown.map((name) => ({ title: name, what: throughput[name].what, rows: eventRows(throughput[name].rounds) })),
    { title: 'first use', what: 'ms of CPU more than native, to 60 ms after the first event of a page', rows: firstUseRows(first) },
  ]
  let y = 34
  let body = ''
  for (const { title, what, rows } of panels) {
    body += `\n  <text x="${left}" y="${y}" font-weight="bold">${title}<tspan font-weight="normal" fill="#5b6b7b">: ${what}</tspan></text>`
    y += 8
    for (const each of rows) {
      body += row(y, ...each)
      y += bar.height + bar.gap
    }
    y += 26
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + 550} ${y}" font-family="system-ui, sans-serif" font-size="11" fill="#1c2733">
  <rect width="${left + 550}" height="${y}" fill="#fff"/>
  <text x="8" y="18" font-size="13" font-weight="bold">Main-thread CPU. Shorter is better. An event: native EventSource = 1.</text>
  <g transform="translate(0 12)">${body}
  </g>
</svg>
`
}
