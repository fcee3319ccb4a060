// Installs all that building and testing need, and nothing else. `npm start` and `npm test` do so by themselves.
import { bootstrap } from './bootstrap.mjs'

await bootstrap('test')
console.log('Everything is installed.')
