'use strict';

// The user of the tests, and what the editor has mapped for the actions about it.

const { App, run, offered } = require('./site');

const login = `zoe-${process.pid}`;

// An answer to a field of each of the 15 types, as steps of a zap give them.
const answers = {
  zt_text: 'Zoë & Søn <3 "x" \\ 你好',
  zt_textarea: 'one\ntwo',
  zt_email: 'second@example.com',
  zt_url: 'https://example.com/x?y=1&z=2',
  zt_tel: '+1 555 0100',
  zt_number: 42,
  zt_select: 'Green',
  zt_radio: 'Red',
  zt_checkbox: true,
  zt_multiselect: ['Red', 'Light blue, pale'],
  zt_date: 'December 8, 1996',
  zt_time: '2:30 pm',
  zt_country: 'ES',
  zt_image: 'https://example.com/a.png',
  zt_file: 'https://example.com/a.pdf',
};

const account = { um_account_role: 'subscriber', um_account_status: 'approved' };
const mapped = {
  create_user: { ...account, um_update_on_exists: 'No', user_email: `${login}@example.com`, first_name: 'Zoë', ...answers },
  update_user: account,
  delete_user: { email_on_account_deletion: 'No' },
};

// member returns the input of an action about the user.
const member = async (action, more = {}) => {
  const um_actions_triggers = offered(await run(App.creates[action].operation.inputFields), 'um_actions_triggers', 'Import members');
  return { um_actions_triggers, username: login, ...mapped[action], ...more };
};

module.exports = { answers, login, member };
