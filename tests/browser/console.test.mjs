// The console in a browser: empty, after one person's first try, and with enough people for charts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CLEAN, PERSONAL, SECRET, accessible, complaints, fits, picture, until, workshop } from './sluis.mjs';

let shop, proxy, browser;

before(async () => {
  shop = await workshop();
  // A parent proxy that knows who sends: so that one machine can be many people.
  proxy = await shop.proxy({ identity: [{ forwarded: { from: ['127.0.0.0/8'], header: 'X-Forwarded-User' } }, { anonymous: {} }] });
  browser = await shop.browser();
});

after(() => shop?.close());

async function open(query, options, look) {
  const context = await browser.newContext({ locale: 'nl-NL', ...options });
  try {
    const page = await context.newPage();
    const heard = complaints(page);
    const answer = await page.goto(`${proxy.console}/${query}`);
    await look(page, answer);
    assert.deepEqual(heard, []);
  } finally {
    await context.close();
  }
}

const api = async (resource) => (await fetch(`${proxy.console}/api/v1/${resource}`)).json();

/** Waits until the store has counted `number` messages. */
const counted = (number) =>
  until(async () => (await api('usage?period=7d')).totals.requests >= number, `${number} messages are counted`);

// These tests follow one another: each adds traffic to what the ones before it left.
test('an empty console says what to do next', async () => {
  await open('', {}, async (page, answer) => {
    assert.equal(answer.status(), 200);
    assert.match(await page.innerText('main'), /Nog geen AI-verkeer/);
    assert.ok((await page.innerText('main')).includes(new URL(proxy.url).host));
    await accessible(page);
    await picture(page, 'console-empty');
  });
});

test("one person's first try is counted, and is not shown in finer detail", async () => {
  assert.equal(await shop.send(proxy, CLEAN, 'anna'), 200);
  assert.equal(await shop.send(proxy, SECRET, 'anna'), 403);
  await counted(2);
  await open('?period=7d', {}, async (page) => {
    const tool = page.locator('section[aria-labelledby=tools] tbody tr');
    assert.equal(await tool.count(), 1);
    assert.match(await tool.innerText(), /OpenAI.*\n?.*goedgekeurd[\s\S]*\b2\b[\s\S]*<5/);
    assert.match(await page.innerText('section[aria-labelledby=decisions]'), /doorgelaten\s+1\s[\s\S]*tegengehouden\s+1\s/);
    assert.equal(await page.locator('svg.stack').count(), 0);
    await accessible(page);
    await picture(page, 'console-one-person');
  });
  const usage = await api('usage?period=7d');
  assert.deepEqual([usage.totals.requests, usage.totals.users], [2, null]);
});

test('with more people the charts appear, and still nothing on fewer than five of them', async () => {
  for (const user of ['bram', 'carla', 'daan', 'eva', 'fatima', 'gijs']) {
    assert.equal(await shop.send(proxy, CLEAN, user), 200);
    assert.equal(await shop.send(proxy, PERSONAL, user), 200);
  }
  assert.equal(await shop.send(proxy, SECRET, 'bram'), 403);
  await counted(15);
  await open('?period=7d', {}, async (page) => {
    assert.ok(await page.isVisible('svg.stack'));
    assert.ok((await page.locator('svg.stack rect.piece').count()) > 0);
    const found = page.locator('section[aria-labelledby=kinds]');
    assert.match(await found.innerText(), /E-mailadres\s+6/);
    assert.match(await found.innerText(), /Burgerservicenummer \(BSN\)\s+<5/);
    await page.click('text=Besluiten in een tabel');
    assert.ok(await page.isVisible('section[aria-labelledby=decisions] table.numbers'));
    await accessible(page);
    await picture(page, 'console-people');
  });
  const { rows } = await api('findings?period=7d');
  assert.equal(rows.find((row) => row.detector === 'nl.bsn').count, null);
});

test('every period, both languages, the dark and a narrow screen are accessible', async () => {
  for (const period of ['1d', '7d', '30d', '90d']) {
    for (const [locale, width, colorScheme] of [['nl-NL', 1280, 'light'], ['en-GB', 320, 'dark']]) {
      await open(`?period=${period}`, { locale, colorScheme, viewport: { width, height: 800 } }, async (page) => {
        assert.equal(await page.getAttribute('html', 'lang'), locale.slice(0, 2));
        assert.equal(await page.locator('nav [aria-current=page]').count(), 1);
        await accessible(page);
        await fits(page);
        await picture(page, `console-${period}-${locale}-${colorScheme}`);
      });
    }
  }
});

test('the console works without JavaScript: periods, language, tables', async () => {
  await open('?period=30d', { javaScriptEnabled: false }, async (page) => {
    await page.click('nav >> text=13 weken');
    assert.ok(page.url().includes('period=90d'));
    assert.ok(await page.isVisible('text=Besluiten per week'));
    await page.click('text=English');
    assert.ok(await page.isVisible('text=Decisions per week'));
    assert.ok(page.url().includes('period=90d') && page.url().includes('lang=en'));
    await page.click('text=Use in a table');
    assert.ok(await page.isVisible('section[aria-labelledby=tools] table.numbers'));
  });
});

test('the first thing that the keyboard reaches is a way to skip to the content', async () => {
  await open('', {}, async (page) => {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#main');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  });
});

test('a page on another name cannot reach the console, also when that name leads to this machine', async () => {
  const other = await browser.newContext();
  const page = await other.newPage();
  const port = new URL(proxy.console).port;
  // Chromium resolves every name under localhost to loopback, as a rebound name would.
  const answer = await page.goto(`http://rebound.localhost:${port}/`);
  assert.equal(answer.status(), 421);
  await accessible(page);
  await other.close();
});
