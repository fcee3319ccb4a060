const { connect } = require('./dist/tsdown/library.cjs')

import('./play.js').then(async ({ play }) => {
  console.log(await play(function Connected(url, init) { return connect(url, init) }, process.argv[2]))
})
