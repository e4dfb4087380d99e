'use strict';

// The actions and the search.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { answers, login, member } = require('./member');
const { App, run, operate, refuses } = require('./site');

const { create_user: create, update_user: update, delete_user: remove } = App.creates;
const find = (username) => run(App.searches.find_user.operation.perform, { inputData: { username } });
const perform = async (action, more) => run(action.operation.perform, { inputData: await member(action.key, more) });

// What is sent back of the answers: dates and times in one form, a country by its name.
const sent = { ...answers, zt_date: '1996-12-08', zt_time: '14:30', zt_country: 'Spain' };

let id = 0;

test('create', async () => {
  assert.deepEqual(await find(login), []);
  const made = await perform(create);
  id = made.id;
  assert.equal(made.message, 'User account has been created.');
  for (const [key, value] of Object.entries(sent)) {
    assert.deepEqual(made[key], value, key);
  }
});

test('find by name and by email', async () => {
  for (const username of [login, `${login}@example.com`, login.toUpperCase()]) {
    const found = await find(username);
    assert.deepEqual(found.map((user) => [user.id, user.username, user.email, user.roles]), [[id, login, `${login}@example.com`, ['subscriber']]]);
    assert.deepEqual(Object.keys(found[0]), App.searches.find_user.operation.outputFields.map((field) => field.key));
  }
  assert.deepEqual(await find(login.slice(0, -1)), [], 'a piece of the name is another user');
});

test('create again', async () => {
  const exists = 'The Email address or Username is already registered.';
  await refuses(create.operation.perform, { inputData: await member('create_user') }, exists);
  await refuses(create.operation.perform, { inputData: await member('create_user', { username: 'other' }) }, exists);
  assert.deepEqual(await perform(create, { um_update_on_exists: 'Yes', first_name: 'Zoë-Ann' }), { message: 'User account has been updated.' });
  assert.equal((await operate('GET', `/users/${id}`)).fields.first_name, 'Zoë-Ann');
});

test('update', async () => {
  const done = { message: 'User account has been updated.' };
  assert.deepEqual(await perform(update, { zt_number: 7, zt_checkbox: false, zt_multiselect: ['Green'], first_name: '' }), done);
  assert.deepEqual(await perform(update, { username: `${login}@example.com`, um_account_role: 'um_member', um_account_status: 'inactive' }), done);
  const [found] = await find(login);
  assert.deepEqual(found.roles, ['um_member']);
  const user = await operate('GET', `/users/${id}`);
  assert.deepEqual([user.status, user.fields.first_name, user.fields.zt_number], ['inactive', 'Zoë-Ann', '7']);
});

test('refused values say what is wrong', async () => {
  for (const [more, sentence] of [
    [{ zt_date: 'soon' }, 'Own date'],
    [{ zt_number: 'many' }, 'Own number'],
    [{ zt_select: 'Purple' }, 'Own select'],
    [{ user_email: 'nobody' }, 'nobody'],
    [{ um_account_role: 'emperor' }, 'emperor'],
    [{ um_account_status: 'asleep' }, 'asleep'],
    [{ username: 'no-such-user' }, 'Account not found in the website'],
  ]) {
    await refuses(update.operation.perform, { inputData: await member('update_user', more) }, sentence);
  }
  await refuses(update.operation.perform, { inputData: {} }, 'Missing required parameter');
});

test('delete', async () => {
  assert.deepEqual(await perform(remove), { message: 'The account has been successfully deleted.' });
  assert.deepEqual(await find(login), []);
  await refuses(remove.operation.perform, { inputData: await member('delete_user') }, 'Account not found in the website');
});
