/** The chat's answers. They are fixed, so that a broken answer can resume where it stopped. */
const ANSWERS = {
  'What is an event stream?':
    'An event stream is an HTTP response that does not end. The server keeps it open and writes a few lines of text whenever ' +
    'it has something to say: a type, an id, some data, and a blank line that means: that was one event, deliver it. ' +
    'There is no second protocol and no upgrade, so proxies, logins and compression work as for any other response. ' +
    'When the connection breaks, the client asks again and names the last id it has seen. ' +
    'A server that remembers what it sent goes on right after it, and nobody notices.',
  'Tell me a short story.':
    'Late one evening a packet set out for a browser on the other side of the sea. Halfway there the cable was cut. ' +
    '“Half of me has arrived,” said the packet, “is that not enough?” “No,” said the parser, “an event without its blank line ' +
    'has not happened.” So it threw the half away, kept the number of the one before, waited a moment and knocked again. ' +
    '“Where were we?” asked the server. “At forty-one,” said the browser. And out came forty-two, whole this time, ' +
    'and the reader on the sofa turned the page without looking up.',
  'Count to a hundred.': Array.from({ length: 100 }, (_, index) => index + 1).join(', ') + '.',
}

const FALLBACK =
  'This is a small demo and not a language model: it knows three questions. But the stream that carries this answer has the ' +
  'shape that language models use, token by token and with a last line that says [DONE], so cut it wherever you like.'

/** The answer to a prompt, in tokens that make the text when joined. */
export function answerTokens(prompt) {
  return (ANSWERS[prompt] ?? FALLBACK).match(/\s*\S+/g)
}
