'use strict';

// The definition, held to Zapier's schema and to what its review of an app looks at.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const zapier = require('zapier-platform-core');
const { validateAppDefinition } = require('zapier-platform-schema');
const { App } = require('./site');

const handler = zapier.createAppHandler(App);
const ask = async (command) => (await handler({ command })).results;

test('the platform finds no fault with it', async () => {
  assert.deepEqual(await ask('validate'), []);
});

test('the schema takes what is pushed', async () => {
  assert.deepEqual(validateAppDefinition(await ask('definition')).errors, []);
});

test('it has the seven triggers, all of them REST hooks', () => {
  const visible = Object.values(App.triggers).filter((trigger) => !trigger.display.hidden);
  assert.deepEqual(visible.map((trigger) => trigger.key).sort(), [
    'um_admin_approve_account', 'um_delete_user', 'um_registration_complete', 'um_user_edit_profile',
    'um_user_email_activation', 'um_user_login', 'um_user_updated_account',
  ]);
  for (const { key, operation } of visible) {
    assert.equal(operation.type, 'hook', key);
    for (const part of ['perform', 'performList', 'performSubscribe', 'performUnsubscribe']) {
      assert.equal(typeof operation[part], 'function', `${key} has no ${part}`);
    }
    const primary = operation.outputFields.filter((field) => field.primary).map((field) => field.key);
    assert.deepEqual(primary, ['id'], `${key}: the primary key`);
    assert.ok(primary.every((name) => name in operation.sample), `${key}: the sample's primary key`);
  }
});

test('all that asks for an ID offers a choice', () => {
  for (const kind of ['triggers', 'creates']) {
    for (const { key, display, operation } of Object.values(App[kind])) {
      if (!display.hidden) {
        assert.equal(typeof operation.inputFields[0], 'function', `${key} asks for a zap without offering any`);
      }
    }
  }
});

test('credentials are asked for by the authentication alone', () => {
  const asked = Object.values(App.triggers).flatMap((trigger) => trigger.operation.inputFields || []).map((field) => field.key);
  assert.ok(!asked.some((key) => App.authentication.fields.some((field) => field.key === key)), String(asked));
});
