import { createServer } from 'node:http'
import { feed } from '../feed.mjs'

const server = createServer(feed).listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`http://localhost:${server.address().port}`)
})
