import { readdirSync, readFileSync } from 'node:fs'

/** The IDs of a process and of all that it started, directly or not. Linux only. */
export function processTree(root) {
  const children = new Map()
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    const parent = parentOf(id)
    children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const tree = [root]
  for (const id of tree) tree.push(...(children.get(id) ?? []))
  return tree
}

function parentOf(id) {
  try {
    // After the name, which may hold anything: the state, and then the parent.
    return Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1).split(' ')[1])
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}
