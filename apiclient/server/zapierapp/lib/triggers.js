'use strict';

const { call, data } = require('./call');
const { zapOf, outputs } = require('./fields');

const key = 'group_field_id';

const performSubscribe = (z, bundle) =>
  data(z, bundle, 'umm_zapier_subscribe', { [key]: bundle.inputData[key], subscription_target_url: bundle.targetUrl });

// The target and its group, as the document identifies a subscription; the id of our answer
// would do as well.
const performUnsubscribe = async (z, bundle) => ({
  message: await data(z, bundle, 'umm_zapier_unsubscribe', {
    [key]: bundle.inputData[key] || bundle.subscribeData.group_field_id,
    subscription_target_url: bundle.targetUrl || bundle.subscribeData.subscription_target_url,
  }),
});

const perform = (z, bundle) => [bundle.cleanedRequest];

// A sample is one object; the platform wants a list.
const performList = async (z, bundle) => {
  const { user_id } = bundle.inputData;
  return [await call(z, bundle, 'um_zapier_activity_perform_list', { [key]: bundle.inputData[key], ...(user_id && { user_id }) })];
};

const trigger = (event, label, description) => ({
  key: event,
  noun: 'User',
  display: { label, description },
  operation: {
    type: 'hook',
    inputFields: [
      zapOf('triggers', key),
      { key: 'user_id', label: 'User ID', type: 'integer', helpText: 'The user of the test step; empty: the newest one.' },
    ],
    performSubscribe,
    performUnsubscribe,
    perform,
    performList,
    sample: { id: 123, um_zap_name: 'Trigger Name', um_zap_id: 123, user_id: 456 },
    outputFields: [
      { key: 'id', label: 'ID', type: 'integer', primary: true },
      { key: 'um_zap_name', label: 'Zap name', type: 'string' },
      { key: 'um_zap_id', label: 'Zap ID', type: 'integer' },
      { key: 'user_id', label: 'User ID', type: 'integer' },
      outputs(key),
    ],
  },
});

const list = [
  trigger('um_registration_complete', 'New Registration', 'Triggers when a new user registers.'),
  trigger('um_user_login', 'User Login', 'Triggers when a user logs in.'),
  trigger('um_delete_user', 'Deleted User', 'Triggers when an account is deleted.'),
  trigger('um_user_edit_profile', 'Updated Profile', 'Triggers when a user updates the profile.'),
  trigger('um_admin_approve_account', 'Approved Account', 'Triggers when an administrator approves an account.'),
  trigger('um_user_email_activation', 'Activated Account', 'Triggers when a user activates the account by email.'),
  trigger('um_user_updated_account', 'Updated Account', 'Triggers when a user updates the account form.'),
];

module.exports = { triggers: Object.fromEntries(list.map((one) => [one.key, one])) };
