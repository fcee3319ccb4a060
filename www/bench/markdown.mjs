/** A table whose first column is of words and the others of numbers. */
export const table = (head, rows) => [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
