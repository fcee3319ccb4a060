/** The id of a heading, by the rule of GitHub, so that a link works there, in the package and on the site. */
export function anchor(heading) {
  return heading.toLowerCase().replaceAll(/[^\p{Letter}\p{Number}\p{Mark} _-]/gu, '').replaceAll(' ', '-')
}
