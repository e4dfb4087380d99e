'use strict';

const { data } = require('./call');

// Of the site's definitions Zapier's schema does not know id, and its search is the name of
// a search; the key of the zap is another one in each of the document's calls.
const asInput = ({ id, search, ...field }) => field;

// zapOf returns the input field that offers the site's zaps of a kind.
const zapOf = (kind, key) => async (z, bundle) => [{ ...asInput(await data(z, bundle, `um_get_zap_${kind}_options`)), key }];

// group returns the definitions of the fields of the zap that was chosen; none before.
const group = async (z, bundle, key) => {
  const zap = bundle.inputData[key];
  return zap ? data(z, bundle, 'um_get_fields', { get_fields: zap }) : [];
};

// inputs returns the input fields of the chosen action zap, without those that the action
// has by itself.
const inputs = (key, own) => async (z, bundle) =>
  (await group(z, bundle, key)).map(asInput).filter((field) => !own.includes(field.key));

// outputs returns the fields that hooks of the chosen trigger zap carry.
const outputs = (key) => async (z, bundle) =>
  (await group(z, bundle, key)).map(({ key, label, type, list }) => ({ key, label, type, list }));

module.exports = { zapOf, inputs, outputs };
