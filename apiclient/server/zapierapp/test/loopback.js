'use strict';

// Loaded before all else (node --require): nothing of a test may leave this machine. The
// platform's library knows a log server and a tester's callback at Zapier.

const net = require('node:net');

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof first === 'object' ? first.host : args[1];
  const local = typeof first === 'object' && first.path;
  if (!local && host !== '127.0.0.1') {
    process.exitCode = 1;
    throw new Error(`a connection to ${host}: only 127.0.0.1 is allowed`);
  }
  return connect.apply(this, args);
};
