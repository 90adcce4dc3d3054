// The openai package for Node through the proxy. Set up by environment variables alone: HTTPS_PROXY with NODE_USE_ENV_PROXY=1, and
// NODE_EXTRA_CA_CERTS. Started by tests/support/serve.py, which leaves the address of the stand-in in SLUIS_TEST_STATE.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import OpenAI from 'openai';

const HOST = 'api.openai.com';
const BSN = '999990019';
const EMAIL = 'fatima.elidrissi@voorbeeldmail.nl';
const CLEAN = 'Schrijf een uitnodiging voor de bewonersavond over het speelplein.';
const SECRET = `Schrijf een brief aan de burger met BSN ${BSN} over de bijstand.`;
const PERSONAL = `Schrijf een antwoord aan ${EMAIL} dat de vergunning klaarligt.`;

const state = JSON.parse(readFileSync(process.env.SLUIS_TEST_STATE, 'utf8'));
const sdk = new OpenAI({ apiKey: 'sk-test', timeout: 30_000 });
const chat = (content, more = {}) => sdk.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content }], ...more });

/** Straight to the stand-in, past the proxy. */
function direct(method) {
  return new Promise((resolve, reject) => {
    // An agent of its own: the global one would go through the proxy.
    const agent = new https.Agent({ keepAlive: false });
    const options = { host: state.origin.host, port: state.origin.port, servername: HOST, ca: readFileSync(state.origin.ca), method, path: '/__seen', headers: { host: HOST }, agent };
    const request = https.request(options, (response) => {
      let text = '';
      response.on('data', (piece) => (text += piece));
      response.on('end', () => resolve(JSON.parse(text)));
    });
    request.on('error', reject);
    request.end();
  });
}

function actions() {
  const lines = readdirSync(state.audit).filter((name) => name.endsWith('.jsonl')).sort().flatMap((name) => readFileSync(join(state.audit, name), 'utf8').trim().split('\n'));
  return lines.filter(Boolean).map((line) => JSON.parse(line).action).filter(Boolean);
}

let before;
beforeEach(async () => {
  await direct('DELETE');
  before = actions().length;
});

async function collect(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
  return text;
}

test('a clean prompt passes', async () => {
  const answer = await chat(CLEAN);
  assert.equal(answer.choices[0].message.content, `Ik heb gelezen: ${CLEAN}`);
  const seen = await direct('GET');
  assert.equal(seen.length, 1);
  assert.deepEqual(actions().slice(before), ['allow']);
});

for (const stream of [false, true]) {
  test(`a BSN is blocked as the SDK's own exception with our sentence and without retry (stream: ${stream})`, async () => {
    await assert.rejects(chat(SECRET, { stream }), (error) => {
      assert.ok(error instanceof OpenAI.PermissionDeniedError, error.constructor.name);
      assert.equal(error.status, 403);
      assert.match(error.message, /niet verstuurd/);
      assert.doesNotMatch(error.message, new RegExp(BSN));
      return true;
    });
    assert.deepEqual(await direct('GET'), []);
    assert.deepEqual(actions().slice(before), ['block']);
  });
}

test('an e-mail address is replaced on the way out and restored in the answer', async () => {
  const answer = await chat(PERSONAL);
  assert.equal(answer.choices[0].message.content, `Ik heb gelezen: ${PERSONAL}`);
  const [{ body }] = await direct('GET');
  assert.ok(!body.includes(EMAIL) && body.includes('[EMAIL-1]'), body);
});

test('an e-mail address is restored in a stream that cuts the placeholder', async () => {
  assert.equal(await collect(await chat(PERSONAL, { stream: true })), `Ik heb gelezen: ${PERSONAL}`);
  const [{ body }] = await direct('GET');
  assert.ok(!body.includes(EMAIL) && body.includes('[EMAIL-1]'), body);
});

for (const prompt of [CLEAN, PERSONAL]) {
  test(`a stream arrives event by event while the origin is still sending (${prompt === CLEAN ? 'clean' : 'cleaned'})`, async () => {
    const times = [];
    for await (const _ of await chat(prompt, { stream: true })) {
      if (times.length === 0) assert.equal((await direct('GET')).at(-1).answered, false);
      times.push(performance.now());
    }
    assert.ok(times.at(-1) - times[0] > 300, String(times.at(-1) - times[0]));
  });
}

test('the responses API works alike', async () => {
  assert.equal((await sdk.responses.create({ model: 'gpt-5', input: PERSONAL })).output_text, `Ik heb gelezen: ${PERSONAL}`);
  await assert.rejects(sdk.responses.create({ model: 'gpt-5', input: SECRET }), OpenAI.PermissionDeniedError);
});
