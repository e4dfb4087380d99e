'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { App, run, refuses } = require('./site');

test('an application password connects', async () => {
  assert.deepEqual(await run(App.authentication.test), { message: 'UM Zapier is connected!' });
});

test('the address may end in a slash', async () => {
  const site_url = `${process.env.UMDECK_URL}/`;
  assert.deepEqual(await run(App.authentication.test, { authData: { site_url } }), { message: 'UM Zapier is connected!' });
});

test('an application password without its spaces connects', async () => {
  const password = process.env.UMDECK_PASSWORD.replaceAll(' ', '');
  assert.deepEqual(await run(App.authentication.test, { authData: { password } }), { message: 'UM Zapier is connected!' });
});

test('a wrong password and an unknown user are refused with the same words', async () => {
  for (const authData of [{ password: 'abcd EFGH abcd EFGH abcd EFGH' }, { username: 'nobody' }]) {
    await refuses(App.authentication.test, { authData }, 'Zapier Authorization Failed');
  }
});
