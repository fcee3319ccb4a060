export const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]
}
export const median = (values) => quantile(values, 0.5)

/**
 * The median over the rounds in which both were right of how many times `other` took what `one` took: `nanoseconds`, first use
 * included, or as a `slope`.
 */
export const ratio = (rounds, other, one, what = 'nanoseconds') => {
  const ratios = rounds.flatMap((round) => (round[other] && round[one] ? [round[other][what] / round[one][what]] : []))
  return ratios.length > 0 ? median(ratios) : undefined
}
