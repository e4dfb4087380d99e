'use strict';

const { data } = require('./call');

// dropdown is a hidden trigger that fills the choices of an input field.
const dropdown = (key, noun, action) => ({
  key,
  noun,
  display: { label: `List of ${noun}`, description: `Fills the choices of ${noun.toLowerCase()}.`, hidden: true },
  operation: {
    perform: async (z, bundle) => Object.entries(await data(z, bundle, action)).map(([id, name]) => ({ id, name })),
    sample: { id: 'approved', name: 'Approved' },
  },
});

module.exports = {
  dropdowns: {
    statuses: dropdown('statuses', 'Statuses', 'um_get_account_statuses'),
    roles: dropdown('roles', 'Roles', 'um_account_roles'),
  },
};
