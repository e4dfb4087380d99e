'use strict';

const { data } = require('./call');
const { zapOf, inputs } = require('./fields');

const key = 'um_actions_triggers';
const yesNo = { Yes: 'Yes', No: 'No' };

const username = { key: 'username', label: 'Username or Email', type: 'string', required: true };
const role = { key: 'um_account_role', label: 'Role', type: 'string', required: true, dynamic: 'roles.id.name' };
const status = { key: 'um_account_status', label: 'Account Status', type: 'string', required: true, dynamic: 'statuses.id.name' };
const account = [
  { key: 'user_email', label: 'Email', type: 'string' },
  { key: 'user_password', label: 'Password', type: 'string' },
  { key: 'display_name', label: 'Display name', type: 'string' },
  { key: 'user_url', label: 'Website', type: 'string' },
];

const create = (name, label, description, fields, dynamic, sample, perform) => ({
  key: name,
  noun: 'User',
  display: { label, description },
  operation: {
    inputFields: [zapOf('actions', key), ...fields, ...(dynamic ? [inputs(key, fields.map((field) => field.key))] : [])],
    perform,
    sample,
  },
});

// register answers with the user where one was made, and with a sentence where one was
// updated.
const register = async (z, bundle) => {
  const answer = await data(z, bundle, 'um_register_user', bundle.inputData);
  if (typeof answer === 'string') {
    return { message: answer };
  }
  const { requests, user, message } = answer;
  return { id: requests, message, ...user };
};

const say = (action) => async (z, bundle) => ({ message: await data(z, bundle, action, bundle.inputData) });

const list = [
  create(
    'create_user', 'Create User', 'Registers a user.',
    [username, role, status, { key: 'um_update_on_exists', label: 'Update when the account exists', type: 'string', required: true, choices: yesNo }, ...account],
    true, { id: 456, message: 'User account has been created.' }, register,
  ),
  create(
    'update_user', 'Update User', 'Updates an existing user.', [username, role, status, ...account],
    true, { message: 'User account has been updated.' }, say('um_update_user'),
  ),
  create(
    'delete_user', 'Delete User', 'Deletes an existing user.',
    [username, { key: 'email_on_account_deletion', label: 'Send the deletion email', type: 'string', required: true, choices: yesNo }],
    false, { message: 'The account has been successfully deleted.' }, say('um_delete_user'),
  ),
];

module.exports = { creates: Object.fromEntries(list.map((one) => [one.key, one])) };
