/**
 * What the APIs of language models send for the reply "Hello": `events` of a whole stream, `ending` the number of the
 * event after which it may end, and `failure`, an error in the midst of a stream whose status is 200.
 */

const json = (...parts) => parts.map((part) => `data: ${typeof part === 'string' ? part : JSON.stringify(part)}\n\n`)
const named = (...parts) => parts.map((part) => `event: ${part.type}\ndata: ${JSON.stringify(part)}\n\n`)

const completion = (delta, finish_reason = null) => ({ id: '1', model: 'm', choices: [{ index: 0, delta, finish_reason }] })
const usage = { id: '1', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } }

const chatCompletions = {
  events: json(completion({ role: 'assistant', content: '' }), completion({ content: 'Hel' }), completion({ content: 'lo' }), completion({}, 'stop'), usage, '[DONE]'),
  ending: 4,
  failure: json(completion({ role: 'assistant', content: 'Hel' }), { error: { message: 'overloaded', type: 'server_error', code: null } }),
}

const openRouter = {
  events: [': OPENROUTER PROCESSING\n\n', ': OPENROUTER PROCESSING\n\n', ...json(completion({ content: 'Hello' }), completion({}, 'stop'), '[DONE]')],
  ending: 4,
  failure: [
    ': OPENROUTER PROCESSING\n\n',
    ...json(completion({ content: 'Hel' }), { id: '1', error: { code: 502, message: 'overloaded' }, choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }] }),
  ],
}

const response = (status, more = {}) => ({ id: 'r', created_at: 1, model: 'm', status, ...more })
const counted = { usage: { input_tokens: 1, output_tokens: 2 } }
const item = { output_index: 0, item: { id: 'm', type: 'message' } }
const piece = (delta) => ({ type: 'response.output_text.delta', item_id: 'm', delta })
const numbered = (parts) => named(...parts.map((part, sequence_number) => ({ ...part, sequence_number })))

const responses = {
  events: numbered([
    { type: 'response.created', response: response('in_progress') },
    { type: 'response.output_item.added', ...item },
    piece('Hel'),
    piece('lo'),
    { type: 'response.output_item.done', ...item },
    { type: 'response.completed', response: response('completed', counted) },
  ]),
  ending: 6,
  failure: numbered([
    { type: 'response.created', response: response('in_progress') },
    { type: 'response.failed', response: response('failed', { error: { code: 'server_error', message: 'overloaded' } }) },
  ]),
}

const start = { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } } }
const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
const delta = (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })

const anthropic = {
  events: named(
    start, block, { type: 'ping' }, delta('Hel'), delta('lo'), { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }, { type: 'message_stop' },
  ),
  ending: 8,
  failure: named(start, block, delta('Hel'), { type: 'error', error: { type: 'overloaded_error', message: 'overloaded' } }),
}

const candidate = (parts, finishReason) => ({ candidates: [{ content: { parts, role: 'model' }, finishReason, index: 0 }], modelVersion: 'm' })
const crlf = (events) => events.map((event) => event.replaceAll('\n', '\r\n'))

const gemini = {
  events: crlf(json(candidate([{ text: 'Hel' }]), candidate([{ text: 'lo' }]), candidate(undefined, 'STOP'))),
  ending: 3,
  failure: crlf(json(candidate([{ text: 'Hel' }]), { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } })),
}

const aiSdk = {
  events: json(
    { type: 'start', messageId: 'msg_1' }, { type: 'start-step' }, { type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'Hel' },
    { type: 'text-delta', id: '0', delta: 'lo' }, { type: 'text-end', id: '0' }, { type: 'finish-step' }, { type: 'finish' }, '[DONE]',
  ),
  ending: 8,
  failure: json({ type: 'start' }, { type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'Hel' }, { type: 'error', errorText: 'overloaded' }),
}

export const wires = { chatCompletions, openRouter, responses, anthropic, gemini, aiSdk }
