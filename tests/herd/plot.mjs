/** An SVG of how many requests arrived in each `binMs` of `seconds`, one panel for each `{ title, times }`. */
export function plot(panels, { seconds, binMs }) {
  const [width, height, left, gap] = [720, 130, 48, 58]
  const binned = panels.map(({ times }) => histogram(times, seconds * 1000, binMs))
  const most = Math.max(...binned.flat())
  const barWidth = (width - left) / binned[0].length
  const drawn = panels.map(({ title }, index) => {
    const top = gap * (index + 1) + height * index
    const bars = binned[index].map((count, bin) => {
      const tall = (count / most) * height
      return `<rect x="${(left + bin * barWidth).toFixed(1)}" y="${(top + height - tall).toFixed(1)}" width="${(barWidth - 0.5).toFixed(2)}" height="${tall.toFixed(1)}"/>`
    })
    const ticks = Array.from({ length: Math.floor(seconds / 5) + 1 }, (_, tick) =>
      `<text x="${left + (tick * 5 / seconds) * (width - left)}" y="${top + height + 16}" text-anchor="middle">${tick * 5} s</text>`)
    return `<g fill="#3b6ea5">${bars.join('')}</g>
<path d="M${left} ${top}V${top + height}H${width}" fill="none" stroke="#888"/>
<text x="${left}" y="${top - 10}" font-weight="bold">${title}</text>
<text x="${left - 6}" y="${top + 10}" text-anchor="end">${most}</text>
<text x="${left - 6}" y="${top + height}" text-anchor="end">0</text>
${ticks.join('\n')}`
  })
  const total = (height + gap) * panels.length + gap / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + 24} ${total}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${drawn.join('\n')}
</svg>
`
}

/** How many of the times fall into each `binMs` of `durationMs`. */
export function histogram(times, durationMs, binMs) {
  const bins = Array(Math.ceil(durationMs / binMs)).fill(0)
  for (const time of times) if (time < durationMs) bins[Math.floor(time / binMs)] += 1
  return bins
}
