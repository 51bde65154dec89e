// A receiver of webhooks as a customer would write it: the reference library of Standard Webhooks verifies `v1`, Node's
// own crypto `v1a`, which the library does not know. For end_to_end/webhook_test.cpp.
//
//   POST /in         takes a message and answers with the next of `answers`, else 204
//   POST /control    {secrets, public_keys, answers}: what to verify with, and what to answer
//   GET  /seen       everything that was posted, with the verdicts
//
// Prints its port on a line of its own and runs until it is killed.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

const body_bytes_max = 1 << 20
const state = { secrets: [], public_keys: [], answers: [] }
const seen = []

const spki_prefix = Buffer.from('302a300506032b6570032100', 'hex') // RFC 8410: Ed25519
const key_of = (text) =>
  createPublicKey({
    key: Buffer.concat([spki_prefix, Buffer.from(text.replace(/^whpk_/, ''), 'base64')]),
    format: 'der',
    type: 'spki',
  })

const verified_by_library = (body, headers) =>
  state.secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers)
      return true
    } catch {
      return false
    }
  })

const verified_by_ed25519 = (body, headers) => {
  const message = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
  const signatures = (headers['webhook-signature'] ?? '').split(' ').filter((one) => one.startsWith('v1a,'))
  return state.public_keys.some((key) =>
    signatures.some((one) => verify(null, message, key_of(key), Buffer.from(one.slice(4), 'base64'))))
}

const read = async (request) => {
  const parts = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > body_bytes_max) throw new Error('too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

createServer(async (request, response) => {
  const body = await read(request)
  if (request.method === 'POST' && request.url === '/control') {
    Object.assign(state, JSON.parse(body))
    response.writeHead(204).end()
  } else if (request.method === 'GET' && request.url === '/seen') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen))
  } else if (request.method === 'POST' && request.url === '/in') {
    const answer = state.answers.shift() ?? { status: 204 }
    seen.push({
      body,
      sha256: createHash('sha256').update(body).digest('hex'),
      headers: request.headers,
      library: verified_by_library(body, request.headers),
      ed25519: verified_by_ed25519(body, request.headers),
      tampered: verified_by_library(body + ' ', request.headers) || verified_by_ed25519(body + ' ', request.headers),
      answered: answer.status,
    })
    response.writeHead(answer.status, answer.headers ?? {}).end()
  } else {
    response.writeHead(404).end()
  }
}).listen(0, '127.0.0.1', function () {
  console.log(`port ${this.address().port}`)
})
