/** The event numbered `n`, in one of several shapes that all mean the same. */
export function numberedEvent(n, random = () => 0) {
  const eol = ['\n', '\r\n', '\r'][Math.floor(random() * 3)]
  const id = `id: ${n}`
  const data = `data: ${n}`
  const shapes = [[id, data], [data, id], [': comment', id, data], [id, 'event: message', data], [id, 'data', `data:${n}`]]
  const lines = shapes[Math.floor(random() * shapes.length)]
  const comment = random() < 0.2 ? `: beat${eol}` : ''
  return `${comment}${lines.join(eol)}${eol}${eol}`
}

/** An incremental parser, simple enough to be obviously correct. */
export class Reference {
  #text = ''
  #id
  #data = []
  lastEventId = ''

  /** Returns the data of the events that the text completes. */
  push(text) {
    this.#text += text
    const events = []
    // A CR that is last may be half of a CRLF.
    for (let match; (match = /^([^\r\n]*)(\r\n|\n|\r(?!$))/.exec(this.#text));) {
      this.#text = this.#text.slice(match[0].length)
      const data = this.#line(match[1])
      if (data !== undefined) events.push(data)
    }
    return events
  }

  #line(line) {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line)
    if (field === 'id') this.#id = value
    if (field === 'data') this.#data.push(value)
    if (line !== '') return undefined
    this.lastEventId = this.#id ?? this.lastEventId
    const data = this.#data.splice(0)
    return data.length > 0 ? data.join('\n').trim() : undefined
  }
}
