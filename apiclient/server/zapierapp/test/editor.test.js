'use strict';

// What the editor of a zap shows: dropdowns, and fields that depend on what was chosen.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const zapier = require('zapier-platform-core');
const { App, run, offered } = require('./site');

const fifteen = [
  'text', 'textarea', 'email', 'url', 'tel', 'number', 'select', 'radio', 'checkbox', 'multiselect', 'date', 'time', 'country', 'image', 'file',
];

// strict holds fields that the site gave to the schema as if they stood in the definition,
// where the platform checks all of them. At run time it checks their keys alone.
const strict = async (kind, key, fields) => {
  const part = App[kind][key];
  const fixed = { ...App, [kind]: { ...App[kind], [key]: { ...part, operation: { ...part.operation, inputFields: fields } } } };
  const handler = zapier.createAppHandler(fixed);
  assert.deepEqual((await handler({ command: 'validate' })).results, []);
};

test('statuses', async () => {
  const list = await run(App.triggers.statuses.operation.perform);
  assert.deepEqual(list.map((status) => status.id), ['approved', 'awaiting_email_confirmation', 'awaiting_admin_review', 'inactive', 'rejected']);
  assert.ok(list.every((status) => status.name));
});

test('roles', async () => {
  const list = await run(App.triggers.roles.operation.perform);
  for (const role of ['administrator', 'subscriber', 'um_member']) {
    assert.ok(list.some(({ id, name }) => id === role && name), `there is no ${role}: ${JSON.stringify(list)}`);
  }
});

for (const key of Object.keys(App.triggers).filter((name) => !App.triggers[name].display.hidden)) {
  test(`fields of ${key}`, async () => {
    const fields = await run(App.triggers[key].operation.inputFields);
    await strict('triggers', key, fields);
    const [zap] = fields;
    assert.deepEqual([zap.key, zap.label, zap.required, zap.altersDynamicFields], ['group_field_id', 'UM Field Group', true, true]);
    const group_field_id = offered(fields, 'group_field_id', key);
    const outputs = await run(App.triggers[key].operation.outputFields, { inputData: { group_field_id } });
    assert.deepEqual(outputs.slice(4, 6).map((field) => field.key), ['user_email', 'first_name']);
    for (const type of fifteen) {
      assert.ok(outputs.some((field) => field.key === `zt_${type}`), `there is no zt_${type}`);
    }
  });
}

for (const key of ['create_user', 'update_user']) {
  test(`fields of ${key}`, async () => {
    const { inputFields } = App.creates[key].operation;
    const before = await run(inputFields);
    assert.ok(!before.some((field) => field.key.startsWith('zt_')), 'fields before a zap is chosen');
    const fields = await run(inputFields, { inputData: { um_actions_triggers: offered(before, 'um_actions_triggers', 'Import members') } });
    await strict('creates', key, fields);
    const shown = Object.fromEntries(fields.map((field) => [field.key, [field.type, field.list || false, 'choices' in field]]));
    const want = {
      text: ['string', false, false], textarea: ['text', false, false], email: ['string', false, false], url: ['string', false, false],
      tel: ['string', false, false], number: ['number', false, false], select: ['string', false, true], radio: ['string', false, true],
      checkbox: ['boolean', false, false], multiselect: ['string', true, true], date: ['string', false, false], time: ['string', false, false],
      country: ['string', false, true], image: ['string', false, false], file: ['string', false, false],
    };
    for (const type of fifteen) {
      assert.deepEqual(shown[`zt_${type}`], want[type], type);
    }
    assert.deepEqual(fields.find((field) => field.key === 'zt_select').choices, { Red: 'Red', Green: 'Green', 'Light blue, pale': 'Light blue, pale' });
    assert.equal(new Set(fields.map((field) => field.key)).size, fields.length, 'a key is there twice');
  });
}

test('fields of delete_user', async () => {
  const fields = await run(App.creates.delete_user.operation.inputFields);
  await strict('creates', 'delete_user', fields);
  assert.deepEqual(fields.map((field) => field.key), ['um_actions_triggers', 'username', 'email_on_account_deletion']);
});

test('a zap that is stopped says so', async () => {
  const { inputFields, perform } = App.creates.update_user.operation;
  const um_actions_triggers = offered(await run(inputFields), 'um_actions_triggers', 'Stopped');
  const inputData = { um_actions_triggers, username: 'admin', um_account_role: 'administrator', um_account_status: 'approved' };
  for (const method of [inputFields, perform]) {
    await assert.rejects(run(method, { inputData }), /This UM Zap is not running or disabled\./);
  }
});
