'use strict';

const { data } = require('./call');

// The document's header; Basic is added by the platform.
const sign = (request) => {
  request.headers['X-Request'] = 'um_zapier';
  return request;
};

// refuse shows the site's own sentence instead of a status.
const refuse = (response, z) => {
  if (response.status < 400) {
    return response;
  }
  const sentence = response.data && (response.data.data || response.data.message);
  const message = typeof sentence === 'string' ? sentence : `The site answered ${response.status}`;
  switch (response.status) {
    case 401:
      throw new z.errors.ExpiredAuthError(message);
    case 429:
      throw new z.errors.ThrottledError(message, Number(response.getHeader('Retry-After')) || 60);
    default:
      throw new z.errors.Error(message, 'UltimateMember', response.status);
  }
};

const authentication = {
  type: 'basic',
  fields: [
    { key: 'site_url', label: 'Site URL', type: 'string', required: true, helpText: 'The address of your site, such as https://example.com.' },
    { key: 'username', label: 'Username', type: 'string', required: true },
    { key: 'password', label: 'Application Password', type: 'password', required: true },
  ],
  test: async (z, bundle) => ({ message: await data(z, bundle, 'um_zapier_auth_test') }),
  connectionLabel: '{{username}}',
};

module.exports = { authentication, befores: [sign], afters: [refuse] };
