'use strict';

const { address } = require('./call');

// The document has no search; WordPress's own REST API has one, with the same password.
const perform = async (z, bundle) => {
  const wanted = bundle.inputData.username.trim().toLowerCase();
  const response = await z.request({ url: `${address(bundle)}/wp-json/wp/v2/users`, params: { context: 'edit', search: wanted } });
  return response.data
    .filter((user) => [user.username, user.email].some((text) => text.toLowerCase() === wanted))
    .map(({ id, username, email, name, roles }) => ({ id, username, email, name, roles }));
};

module.exports = {
  searches: {
    find_user: {
      key: 'find_user',
      noun: 'User',
      display: { label: 'Find User', description: 'Finds a user by username or email.' },
      operation: {
        inputFields: [{ key: 'username', label: 'Username or Email', type: 'string', required: true }],
        perform,
        sample: { id: 456, username: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', roles: ['subscriber'] },
        outputFields: [
          { key: 'id', label: 'ID', type: 'integer', primary: true },
          { key: 'username', label: 'Username', type: 'string' },
          { key: 'email', label: 'Email', type: 'string' },
          { key: 'name', label: 'Name', type: 'string' },
          { key: 'roles', label: 'Roles', type: 'string', list: true },
        ],
      },
    },
  },
};
