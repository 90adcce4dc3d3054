// What an employee meets in a browser whose laptop trusts the organisation's CA: pages in place of a tool, and refusals that a tool's own page can read.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADDRESS, CLEAN, NUMBER, PERSONAL, SECRET, accessible, commonName, complaints, fits, picture, workshop } from './sluis.mjs';

let shop, proxy, browser;

before(async () => {
  shop = await workshop();
  proxy = await shop.proxy();
  browser = await shop.browser(proxy);
});

after(() => shop?.close());

/** Opens `address` in a window of its own and hands page, answer and complaints to `look`. */
async function visit(address, options, look) {
  const context = await browser.newContext({ locale: 'nl-NL', ...options });
  try {
    const page = await context.newPage();
    const heard = complaints(page);
    const answer = await page.goto(address);
    await look(page, answer);
    assert.deepEqual(heard, []);
  } finally {
    await context.close();
  }
}

test('a forbidden tool shows the blocked page in Dutch, over a connection that the browser trusts', async () => {
  await visit('https://chat.deepseek.com/', {}, async (page, answer) => {
    assert.equal(answer.status(), 403);
    assert.equal((await answer.securityDetails()).issuer, commonName(proxy.ca));
    assert.match(answer.headers()['content-security-policy'], /^default-src 'none'; style-src 'sha256-/);
    assert.equal(await page.getAttribute('html', 'lang'), 'nl');
    const words = await page.innerText('main');
    for (const expected of ['Hier kun je niet verder', 'DeepSeek', 'Copilot', 'servicedesk@voorbeeld.nl']) assert.ok(words.includes(expected), expected);
    // The style sheet is allowed by its hash: the button has its colour.
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('main section:last-of-type h1')).fontWeight), '400');
    await accessible(page);
    await picture(page, 'blocked-nl');
  });
});

test('the blocked page is one click away from English, without a request', async () => {
  await visit('https://chat.deepseek.com/', {}, async (page) => {
    let requests = 0;
    page.on('request', () => requests++);
    await page.click('text=English');
    assert.ok(await page.isVisible('text=You cannot go on here'));
    assert.ok(!(await page.isVisible('text=Hier kun je niet verder')));
    await accessible(page);
    await page.click('text=Nederlands');
    assert.ok(await page.isVisible('text=Hier kun je niet verder'));
    assert.equal(requests, 0);
  });
});

test('a browser that asks for English gets English', async () => {
  await visit('https://chat.deepseek.com/', { locale: 'en-GB' }, async (page) => {
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.ok(await page.isVisible('text=You cannot go on here'));
  });
});

test('the blocked page works without JavaScript, in the dark, and on a narrow screen', async () => {
  await visit('https://chat.deepseek.com/', { javaScriptEnabled: false }, async (page) => {
    await page.click('text=English');
    assert.ok(await page.isVisible('text=You cannot go on here'));
  });
  await visit('https://chat.deepseek.com/', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }, async (page) => {
    await accessible(page);
    await fits(page);
    await picture(page, 'blocked-dark-narrow');
  });
});

/** What a page's own script gets when it sends `words`. */
const fetched = (page, address, words, options = {}) =>
  page.evaluate(
    async ({ address, words, options }) => {
      const body = JSON.stringify({ model: 'gpt-test', messages: [{ role: 'user', content: words }] });
      const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body, ...options });
      return { status: answer.status, type: answer.headers.get('content-type'), verdict: answer.headers.get('x-sluis-verdict'), text: await answer.text() };
    },
    { address, words, options },
  );

test("a chat page that sends a BSN gets the tool's own JSON error, and its script can read our sentence", async () => {
  await visit('https://chatgpt.com/', {}, async (page, answer) => {
    assert.equal(answer.status(), 200);
    const refused = await fetched(page, '/backend-api/conversation', SECRET);
    assert.equal(refused.status, 403);
    assert.match(refused.type, /^application\/json/);
    assert.equal(refused.verdict, 'block');
    assert.match(JSON.stringify(JSON.parse(refused.text)), /Je bericht is niet verstuurd, want er staat .*BSN.* in/);
    assert.ok(!refused.text.includes(NUMBER));
    const passed = await fetched(page, '/api/chat', CLEAN);
    assert.deepEqual([passed.status, passed.verdict], [200, null]);
  });
});

test('a page on one host may read the refusal of another host', async () => {
  await visit('https://chatgpt.com/', {}, async (page) => {
    // A content type that needs no preflight: that answer is the tool's own business.
    const simple = { headers: { 'content-type': 'text/plain' }, credentials: 'include' };
    const refused = await fetched(page, 'https://api.openai.com/v1/chat/completions', SECRET, simple);
    assert.deepEqual([refused.status, refused.verdict], [403, 'block']);
    assert.match(JSON.parse(refused.text).error.message, /Je bericht is niet verstuurd/);
  });
});

test('an e-mail address is replaced on the way out and back in the answer that the page shows', async () => {
  await visit('https://chatgpt.com/', {}, async (page) => {
    const answer = await fetched(page, 'https://chatgpt.com/api/chat', PERSONAL);
    assert.equal(answer.status, 200);
    assert.ok(answer.text.includes(ADDRESS) && !answer.text.includes('[EMAIL-1]'), answer.text);
    const seen = await shop.origin.seen('chatgpt.com');
    assert.ok(seen.includes('[EMAIL-1]') && !seen.includes(ADDRESS));
    assert.ok(!seen.includes(NUMBER), 'the citizen service number of the test before reached the tool');
  });
});

test('a tool that nobody has reviewed warns once, and one click goes on to it', async () => {
  await visit('https://poe.com/', {}, async (page, answer) => {
    assert.equal(answer.status(), 403);
    assert.ok(await page.isVisible('text=Kijk eerst even goed'));
    await accessible(page);
    await picture(page, 'warned-nl');
    await page.click('text=Toch doorgaan');
    await page.waitForURL('https://poe.com/');
    assert.ok(await page.isVisible('text=Nagebootste AI-dienst'));
  });
});

test("the pages of Sluis itself are accessible, and 'mine' shows what was recorded of this sender", async () => {
  for (const path of ['/', '/ca', '/mine', '/nergens']) {
    await visit(`http://sluis.internal${path}`, {}, async (page, answer) => {
      assert.equal(answer.status(), path === '/nergens' ? 404 : 200, path);
      await accessible(page);
      await picture(page, `internal${path.replace('/', '-')}`);
      await page.click('text=English');
      assert.equal(await page.getAttribute('html', 'lang'), 'en');
      await accessible(page);
    });
  }
  await visit('http://sluis.internal/mine', {}, async (page) => {
    assert.match(await page.innerText('tbody'), /DeepSeek.*\n?.*tegengehouden/i);
  });
});

test('an origin whose certificate cannot be trusted gives a page that says so, with the cause for the helpdesk', async () => {
  const strict = await shop.proxy({
    upstream: { trust: ['system'], resolve: { 'chatgpt.com': shop.origin.address }, 'allow-private': ['127.0.0.0/8'] },
  });
  const other = await shop.browser(strict);
  const page = await other.newPage({ locale: 'nl-NL' });
  const answer = await page.goto('https://chatgpt.com/');
  assert.ok(answer.status() >= 500, String(answer.status()));
  assert.ok(await page.isVisible('text=niet zeker weten dat dit de echte website is'));
  assert.ok(!(await page.isVisible('text=upstream.trust')));
  await page.click('section:not(.other) summary');
  assert.ok(await page.isVisible('section:not(.other) >> text=upstream.trust'));
  await accessible(page);
  await picture(page, 'unreachable-nl');
  await other.close();
});
