// A bar chart of CPU per event, relative to the browser's own class.
import { contestants } from './arena.mjs'
import { ratio } from './statistics.mjs'

const shown = ['tokens', 'ticks', 'unicode', 'multiline']
const bar = { height: 14, gap: 4 }
const left = 210
const width = 480

/** How much CPU a contestant takes where the native class takes 1, as a bar that ends at 2. */
const row = (results, name, y) => {
  const share = ratio(results, name, 'native')
  if (share === undefined) return ''
  const length = Math.max(1, Math.min(share, 2) * (width / 2))
  const isOurs = name === 'ours'
  return `
  <text x="${left - 8}" y="${y + 11}" text-anchor="end"${isOurs ? ' font-weight="bold"' : ''}>${contestants[name].label}</text>
  <rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${bar.height}" rx="2" fill="${isOurs ? '#0a7f5a' : name === 'native' ? '#5b6b7b' : '#a9b4bf'}"/>
  <text x="${(left + length + 6).toFixed(1)}" y="${y + 11}">${share.toPrecision(2)}${share > 2 ? ' →' : ''}</text>`
}

export const chart = (throughput) => {
  let y = 34
  let body = ''
  for (const workload of shown) {
    const { what, rounds } = throughput[workload]
    body += `\n  <text x="${left}" y="${y}" font-weight="bold">${workload}<tspan font-weight="normal" fill="#5b6b7b">: ${what}</tspan></text>`
    y += 8
    for (const name of Object.keys(contestants)) {
      const line = row(rounds, name, y)
      if (line === '') continue
      body += line
      y += bar.height + bar.gap
    }
    y += 26
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${y}" font-family="system-ui, sans-serif" font-size="11" fill="#1c2733">
  <rect width="760" height="${y}" fill="#fff"/>
  <text x="8" y="18" font-size="13" font-weight="bold">Main-thread CPU an event, native EventSource = 1. Shorter is better.</text>
  <g transform="translate(0 12)">${body}
  </g>
</svg>
`
}
