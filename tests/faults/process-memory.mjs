import { readFileSync, readdirSync } from 'node:fs'

const field = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // The process has ended meanwhile.
    return ''
  }
}

/** Bytes that the pages of the browsers which this process has started keep to themselves, as Linux counts them. */
export function pagesMemory() {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), field(read(`/proc/${pid}/status`), 'PPid')]))
  const isOurs = (pid) => pid === process.pid || (parents.get(pid) > 1 && isOurs(parents.get(pid)))
  let bytes = 0
  for (const pid of parents.keys()) {
    if (isOurs(pid) && read(`/proc/${pid}/cmdline`).includes('--type=renderer')) {
      bytes += privateBytes(pid)
    }
  }
  return bytes
}

/** Bytes that a process keeps to itself. */
export function privateBytes(pid) {
  return field(read(`/proc/${pid}/smaps_rollup`), 'Private_Dirty') * 1024
}
