/** A table with words in the first column and numbers in the others. */
export const table = (head, rows) => [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
