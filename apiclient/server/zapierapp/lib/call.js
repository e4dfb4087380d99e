'use strict';

// address returns the address of the connected site without a slash at its end.
const address = (bundle) => bundle.authData.site_url.replace(/\/+$/, '');

// call posts to an action of the Zapier extension and returns what the site answers.
const call = async (z, bundle, action, body = {}) => {
  const response = await z.request({ method: 'POST', url: `${address(bundle)}/`, params: { action }, body });
  return response.data;
};

// data is call for the actions that answer in an envelope: it returns what is in it.
const data = async (z, bundle, action, body) => {
  const answer = await call(z, bundle, action, body);
  if (answer.success !== true) {
    throw new z.errors.Error(`${action} answered ${JSON.stringify(answer)}`, 'UnexpectedAnswer');
  }
  return answer.data;
};

module.exports = { address, call, data };
