'use strict';

// An integration for Ultimate Member on Zapier's own platform library: what Zapier runs
// for its customers, built from the API document of the Zapier extension.

const { authentication, befores, afters } = require('./lib/authentication');
const { creates } = require('./lib/creates');
const { dropdowns } = require('./lib/dropdowns');
const { searches } = require('./lib/searches');
const { triggers } = require('./lib/triggers');

module.exports = {
  version: require('./package.json').version,
  platformVersion: require('zapier-platform-core').version,
  flags: { cleanInputData: false },
  authentication,
  beforeRequest: befores,
  afterResponse: afters,
  triggers: { ...triggers, ...dropdowns },
  creates,
  searches,
  searchOrCreates: {
    find_user: {
      key: 'find_user',
      display: { label: 'Find or Create User', description: 'Finds a user, or registers one.' },
      search: 'find_user',
      create: 'create_user',
    },
  },
};
