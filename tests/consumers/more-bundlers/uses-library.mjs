import { connect } from './dist/tsdown/library.mjs'
import { play } from './play.js'

console.log(await play(function Connected(url, init) { return connect(url, init) }, process.argv[2]))
