export const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]
}
export const median = (values) => quantile(values, 0.5)

/** The median over the rounds in which both were right of how many times `other` took what `one` took. */
export const ratio = (rounds, other, one) => {
  const ratios = rounds.flatMap((round) => (round[other] && round[one] ? [round[other].nanoseconds / round[one].nanoseconds] : []))
  return ratios.length > 0 ? median(ratios) : undefined
}
