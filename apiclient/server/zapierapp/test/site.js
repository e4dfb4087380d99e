'use strict';

// The site under test, as Zapier and as its operator have it, and the receiver of its hooks.

const assert = require('node:assert/strict');
const http = require('node:http');

const zapier = require('zapier-platform-core');
const App = require('..');

const { UMDECK_URL: site_url, UMDECK_USER: username, UMDECK_PASSWORD: password } = process.env;
const patience = 60_000; // how long a hook may take on a slow machine

const tester = zapier.createAppTester(App);

// run runs a function of the app as Zapier does, with the checks of the platform.
const run = (method, bundle = {}) => tester(method, { inputData: {}, ...bundle, authData: { site_url, username, password, ...bundle.authData } });

// operate calls the site's own API as its operator.
const operate = async (method, path, body) => {
  const response = await fetch(`${site_url}/wp-json/umdeck/v1${path}`, {
    method,
    headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
};

// offered returns the value of a choice by its label, as a person chooses it in the editor.
const offered = (fields, key, label) => {
  const field = fields.find((one) => one.key === key);
  assert.ok(field, `there is no field ${key}`);
  const [value] = Object.entries(field.choices).find(([, text]) => text === label) || [];
  assert.ok(value, `${key} does not offer ${label}: ${JSON.stringify(field.choices)}`);
  return value;
};

// refuses runs a function of the app, which must fail with that sentence for its customer.
const refuses = async (method, bundle, sentence) => {
  await assert.rejects(run(method, bundle), (error) => {
    assert.ok(said(error).includes(sentence), `it says ${said(error)}; want ${sentence}`);
    return true;
  });
};

// said returns what Zapier shows of an error: its own errors carry JSON.
const said = (error) => {
  try {
    return JSON.parse(error.message).message;
  } catch {
    return error.message;
  }
};

// receive starts a receiver of hooks at targets of its own, as hooks.zapier.com is one.
const receive = async () => {
  const came = []; // {path, headers, body}, oldest first
  const waiting = new Set();
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      came.push({ path: request.url, method: request.method, headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      response.setHeader('Content-Type', 'application/json');
      response.end('{"status":"success"}');
      waiting.forEach((look) => look());
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${server.address().port}`;

  // next returns the n-th hook at a path, the first being 1.
  const next = (path, n = 1) =>
    new Promise((done, fail) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        fail(new Error(`hook ${n} at ${path} has not come; there were ${JSON.stringify(came.map((hook) => hook.path))}`));
      }, patience);
      const look = () => {
        const there = at(path);
        if (there.length >= n) {
          clearTimeout(timer);
          waiting.delete(look);
          done(there[n - 1]);
        }
      };
      waiting.add(look);
      look();
    });
  const at = (path) => came.filter((hook) => hook.path === path);
  const close = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  return { target: (path) => base + path, next, at, close };
};

module.exports = { App, run, operate, offered, refuses, receive };
