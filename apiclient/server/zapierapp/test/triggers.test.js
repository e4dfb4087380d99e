'use strict';

// The life of each trigger: subscribed, fired by what happens to a user, sampled for the
// same user, and unsubscribed.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');

const { answers, login, member } = require('./member');
const { App, run, operate, offered, receive } = require('./site');

const events = [ // in the order in which they happen to a user
  'um_registration_complete', 'um_admin_approve_account', 'um_user_email_activation', 'um_user_login', 'um_user_edit_profile',
  'um_user_updated_account', 'um_delete_user',
];

const fire = (event) => async (user) => operate('POST', `/triggers/${event}/fire`, { user });
const act = (name, more) => async () => run(App.creates[name].operation.perform, { inputData: await member(name, more) });

// What makes an event: the integration itself where the API does, the operator elsewhere.
const acts = {
  um_registration_complete: act('create_user', { um_account_status: 'awaiting_admin_review' }),
  um_admin_approve_account: async (id) => operate('POST', '/users/do', { action: 'approve', users: [id] }),
  um_user_email_activation: fire('um_user_email_activation'),
  um_user_login: fire('um_user_login'),
  um_user_edit_profile: act('update_user', { first_name: 'Zoë-Ann' }),
  um_user_updated_account: fire('um_user_updated_account'),
  um_delete_user: act('delete_user', {}),
};

let receiver;
const zaps = {}; // event to {inputData, targetUrl, subscribeData}

before(async () => {
  receiver = await receive();
});
after(() => receiver.close());

const path = (event) => `/hooks/standard/1/${event}/?a=b`;
const bundleOf = (event, more = {}) => ({ inputData: zaps[event].inputData, targetUrl: zaps[event].targetUrl, ...more });

test('subscribe', async () => {
  for (const event of events) {
    const { inputFields, performSubscribe } = App.triggers[event].operation;
    const group_field_id = offered(await run(inputFields), 'group_field_id', event);
    zaps[event] = { inputData: { group_field_id }, targetUrl: receiver.target(path(event)) };
    const subscribeData = await run(performSubscribe, bundleOf(event));
    assert.equal(typeof subscribeData.id, 'number', event);
    assert.deepEqual([String(subscribeData.group_field_id), subscribeData.subscription_target_url], [group_field_id, zaps[event].targetUrl]);
    assert.deepEqual(await run(performSubscribe, bundleOf(event)), subscribeData, `${event}: subscribed again`);
    zaps[event].subscribeData = subscribeData;
  }
});

let user = 0;

for (const event of events) {
  test(`the hook of ${event} is its sample`, async () => {
    const { operation } = App.triggers[event];
    const sampled = async () => run(operation.performList, bundleOf(event, { inputData: { ...zaps[event].inputData, user_id: user } }));
    const last = event === 'um_delete_user' && (await sampled()); // there is no user for it later
    const done = await acts[event](user);
    user ||= done.id;
    const request = await receiver.next(path(event));
    const items = await run(operation.perform, bundleOf(event, { cleanedRequest: JSON.parse(request.body), rawRequest: { content: request.body } }));
    assert.equal(items.length, 1);
    const [hook] = items;
    const [sample] = last || (await sampled());

    assert.equal(hook.user_id, user);
    assert.equal(typeof hook.id, 'number');
    assert.deepEqual(Object.keys(hook), Object.keys(sample), 'the keys and their order');
    assert.deepEqual(shape(hook), shape(sample), 'the types');
    assert.deepEqual({ ...hook, id: 0 }, { ...sample, id: 0 }, 'the values');
    assert.deepEqual(Object.keys(operation.sample), Object.keys(hook).slice(0, 4), "the definition's own sample");
    await fits(operation, event, hook);
    for (const key of Object.keys(answers)) {
      assert.notEqual(hook[key], null, `${key} was given and is sent as null`);
    }
  });
}

test('each event was sent once', () => {
  assert.deepEqual(events.map((event) => receiver.at(path(event)).length), events.map(() => 1));
});

test('a user without answers has all keys', async () => {
  for (const event of events) {
    const { performList } = App.triggers[event].operation;
    const [newest] = await run(performList, bundleOf(event));
    const fields = await run(App.triggers[event].operation.outputFields, bundleOf(event));
    assert.deepEqual(Object.keys(newest), fields.map((field) => field.key), event);
  }
});

test('unsubscribe', async () => {
  for (const event of events) {
    const { performUnsubscribe } = App.triggers[event].operation;
    const off = bundleOf(event, { subscribeData: zaps[event].subscribeData });
    for (let i = 0; i < 2; i++) { // Zapier may ask twice
      assert.deepEqual(await run(performUnsubscribe, off), { message: 'The subscription has ended.' });
    }
    assert.equal((await operate('GET', `/subscriptions/${zaps[event].subscribeData.id}`)).state, 'gone', event);
    if (event !== 'um_delete_user') {
      assert.equal((await fire(event)(1)).deliveries, 0, `${event} after unsubscribing`);
    }
  }
});

test('a zap that is turned on again has its subscription back', async () => {
  const { performSubscribe, performUnsubscribe } = App.triggers.um_user_login.operation;
  const again = await run(performSubscribe, bundleOf('um_user_login'));
  assert.equal(again.id, zaps.um_user_login.subscribeData.id);
  await fire('um_user_login')(1);
  const request = await receiver.next(path('um_user_login'), 2);
  assert.equal(JSON.parse(request.body).user_id, 1);
  await run(performUnsubscribe, bundleOf('um_user_login', { subscribeData: again }));
});

// shape returns the type of each value.
const shape = (object) => Object.entries(object).map(([key, value]) => [key, Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value]);

// fits holds a run to the output fields: no key beside them, and the types that they say.
const fits = async (operation, event, hook) => {
  const kinds = { string: 'string', text: 'string', number: 'number', integer: 'number', boolean: 'boolean' };
  const fields = await run(operation.outputFields, bundleOf(event));
  assert.deepEqual(fields.map((field) => field.key), Object.keys(hook), 'the output fields');
  for (const { key, type, list } of fields) {
    for (const value of list ? hook[key] : [hook[key]]) {
      assert.equal(typeof value, kinds[type], `${key} is ${JSON.stringify(hook[key])}`);
    }
  }
};

test('the user is the one who was registered', () => {
  const { body, headers } = receiver.at(path('um_registration_complete'))[0];
  assert.equal(JSON.parse(body).user_email, `${login}@example.com`);
  assert.match(headers['content-type'], /^application\/json/);
});
