// What the browser tests share: the real binary in front of the stand-in AI service, Debian's Chromium, and axe-core.
//
// Takes SLUIS_BIN (the binary; default target/debug/sluis) and CHROMIUM (default /usr/bin/chromium). Every process is started on free ports with a
// folder of its own, and ended by its own id. Nothing here reaches beyond loopback. SLUIS_SCREENSHOTS=DIR leaves pictures there.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, request } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const binary = path.resolve(process.env.SLUIS_BIN ?? path.join(root, 'target/debug/sluis'));
const axe = fs.readFileSync(path.join(here, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** A made-up citizen service number from the test range of the RvIG, and a made-up address. */
export const NUMBER = '999990019';
export const ADDRESS = 'fatima.elidrissi@voorbeeldmail.nl';
export const CLEAN = 'Schrijf een uitnodiging voor de bewonersavond over het speelplein.';
export const SECRET = `Schrijf een brief aan de burger met BSN ${NUMBER} over de bijstand.`;
export const PERSONAL = `Schrijf een antwoord aan ${ADDRESS} dat de vergunning klaarligt.`;

const hosts = ['api.openai.com', 'chatgpt.com', 'claude.ai', 'chat.deepseek.com', 'poe.com'];

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The first true value of `condition`; fails with `what` when it does not come. */
export async function until(condition, what, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${typeof what === 'function' ? what() : what}`);
    await sleep(50);
  }
}

function start(args, log) {
  // Settings of the machine must not reach the tests.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^SLUIS_|_proxy$/i.test(name)));
  const output = fs.openSync(log, 'a');
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', output], env });
  fs.closeSync(output);
  child.failure = new Promise((resolve) => child.once('error', resolve));
  return child;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  if ((await Promise.race([gone, sleep(15_000, 'late', { ref: false })])) === 'late') {
    child.kill('SIGKILL');
    await gone;
  }
}

/** The stand-in AI service. */
async function startOrigin(folder) {
  const log = path.join(folder, 'origin.log');
  const ca = path.join(folder, 'origin-ca.pem');
  const child = start(['demo', '--origin-only', '--listen', '127.0.0.1:0', '--ca-out', ca], log);
  const line = new Promise((resolve) => {
    const lines = createInterface({ input: child.stdout });
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
  });
  const address = await Promise.race([line, child.failure.then((error) => { throw error; }), sleep(20_000, '', { ref: false })]);
  if (!address) {
    await stop(child);
    throw new Error(`the stand-in did not start:\n${fs.readFileSync(log, 'utf8')}`);
  }
  child.stdout.resume();
  const [host, port] = address.trim().split(':');
  return {
    address: address.trim(),
    ca,
    stop: () => stop(child),
    /** What reached `name`, asked past the proxy. */
    seen: (name) =>
      new Promise((resolve, reject) => {
        const question = https.get(
          { host, port, servername: name, path: '/__seen', headers: { host: name }, ca: fs.readFileSync(ca), agent: false },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (piece) => (text += piece)).on('end', () => resolve(text)).on('error', reject);
          },
        );
        question.on('error', reject);
      }),
  };
}

/** `sluis run` with the policy that ships with it, in front of a stand-in. `settings` is laid over the usual ones. */
async function startProxy(folder, origin, settings = {}) {
  fs.mkdirSync(folder, { recursive: true });
  const [proxy, console, metrics] = [await freePort(), await freePort(), await freePort()];
  const document = {
    'data-dir': './data',
    listen: { explicit: [`127.0.0.1:${proxy}`], console: `127.0.0.1:${console}`, metrics: `127.0.0.1:${metrics}` },
    upstream: { trust: [origin.ca], resolve: Object.fromEntries(hosts.map((host) => [host, origin.address])), 'allow-private': ['127.0.0.0/8'] },
    store: { url: `sqlite:${path.join(folder, 'data', 'sluis.db')}` },
    ...settings,
  };
  // JSON is YAML.
  const config = path.join(folder, 'sluis.yaml');
  fs.writeFileSync(config, JSON.stringify(document, null, 2));
  const log = path.join(folder, 'sluis.log');
  const child = start(['run', '--config', config], log);
  child.stdout.resume();
  const ca = path.join(folder, 'data', 'ca.pem');
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the proxy ended with ${child.exitCode}`);
      const ready = await fetch(`http://127.0.0.1:${metrics}/readyz`).catch(() => null);
      await ready?.arrayBuffer();
      return ready?.ok && fs.existsSync(ca);
    }, 'the proxy is ready');
  } catch (error) {
    await stop(child);
    throw new Error(`${error.message}\n${fs.readFileSync(log, 'utf8')}`);
  }
  return {
    url: `http://127.0.0.1:${proxy}`,
    console: `http://127.0.0.1:${console}`,
    ca,
    log: () => fs.readFileSync(log, 'utf8'),
    stop: () => stop(child),
  };
}

/** A folder with a stand-in and a way to start proxies and browsers; `close` ends all of it. */
export async function workshop() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluis-browser-'));
  const closers = [];
  const close = async () => {
    for (const end of closers.reverse()) await end().catch((error) => process.stderr.write(`${error}\n`));
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    const origin = await startOrigin(folder);
    closers.push(origin.stop);
    let count = 0;
    return {
      origin,
      close,
      async proxy(settings) {
        const proxy = await startProxy(path.join(folder, `proxy-${++count}`), origin, settings);
        closers.push(proxy.stop);
        return proxy;
      },
      /** A browser that uses `proxy` and trusts its CA, as a managed laptop does; without `proxy` a plain one. */
      async browser(proxy) {
        const home = path.join(folder, `home-${++count}`);
        if (proxy) trust(home, proxy.ca);
        else fs.mkdirSync(home);
        const browser = await chromium.launch({
          executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
          env: { ...process.env, HOME: home },
          proxy: proxy && { server: proxy.url },
          args: [
            '--no-sandbox',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        });
        closers.push(() => browser.close());
        return browser;
      },
      /** Sends a chat request as a program does, on behalf of `user` where the settings believe that header. */
      async send(proxy, words, user) {
        // This client's own trust is not what these tests are about; the browser's is.
        const client = await request.newContext({ proxy: { server: proxy.url }, ignoreHTTPSErrors: true });
        try {
          const answer = await client.post('https://api.openai.com/v1/chat/completions', {
            headers: user ? { 'x-forwarded-user': user } : {},
            data: { model: 'gpt-test', messages: [{ role: 'user', content: words }] },
          });
          return answer.status();
        } finally {
          await client.dispose();
        }
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes Chromium trust a CA: on Linux it reads the NSS database of the user. */
function trust(home, ca) {
  const database = path.join(home, '.pki/nssdb');
  fs.mkdirSync(database, { recursive: true });
  execFileSync('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
  execFileSync('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'Sluis', '-i', ca]);
}

/** The common name of a PEM certificate's subject. */
export function commonName(file) {
  return /^CN=(.*)$/m.exec(new X509Certificate(fs.readFileSync(file)).subject)?.[1];
}

/** Fails with what axe-core finds on the page as it is now: WCAG 2.2 AA and good practice. */
export async function accessible(page) {
  // The page's own policy forbids scripts; the debugger's evaluation is not the page's.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.target} ${node.failureSummary}`).join('\n')}`);
  assert.deepEqual(found, [], `${page.url()}:\n${found.join('\n')}`);
  assert.ok(passes.length > 10, 'axe looked at the page');
}

/** Fails when a page is wider than its window (WCAG 1.4.10). */
export async function fits(page) {
  const [content, frame] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= frame, `${page.url()} is ${content} pixels wide in a window of ${frame}`);
}

/** Leaves a picture where SLUIS_SCREENSHOTS says, if it does. */
export async function picture(page, name) {
  const folder = process.env.SLUIS_SCREENSHOTS;
  if (!folder) return;
  fs.mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

/** Collects what a page complains of: errors, and what its Content-Security-Policy stopped. */
export function complaints(page) {
  const heard = [];
  page.on('pageerror', (error) => heard.push(String(error)));
  page.on('console', (message) => {
    // Chromium reports every answer of 400 and up; that answer is what these tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) heard.push(message.text());
  });
  return heard;
}
