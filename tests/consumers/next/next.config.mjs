export default {
  // As create-next-app sets it. Prerendering then fails on the time, random numbers and requests outside of a boundary.
  cacheComponents: true,
  partialPrefetching: true,
  turbopack: { root: import.meta.dirname },
  devIndicators: false,
}
