export const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]
}
export const median = (values) => quantile(values, 0.5)

/**
 * The median ratio of `other` to `one`, over the rounds in which both were correct: of `nanoseconds`, including first use,
 * or of the `slope`.
 */
export const ratio = (rounds, other, one, what = 'nanoseconds') => {
  const ratios = rounds.flatMap((round) => (round[other] && round[one] ? [round[other][what] / round[one][what]] : []))
  return ratios.length > 0 ? median(ratios) : undefined
}
