'use strict';
/** The three ways to a server: a command, a container, or one that runs already. */

const { randomBytes } = require('node:crypto');

const { Child, NotStarted } = require('./child.js');
const { startContainer } = require('./container.js');
const { Control, ReelmockError } = require('./control.js');
const { flagsOf, readOptions, wordsOf } = require('./options.js');
const { ReelmockServer } = require('./server.js');

/** Seconds that a command has until its server answers. */
const TIMEOUT = 60;

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';

/** What is tried where no command is given. */
const COMMANDS = [['reelmock'], [PYTHON, '-m', 'reelmock']];

const MISSING = /No module named '?reelmock/;

/** A server for tests. Errors: TypeError for options, ReelmockError if there is none. */
async function startReelmock(options = {}) {
  const given = readOptions(options);
  if (given.way === 'url') return joined(given);
  return given.way === 'image' ? inContainer(given) : asChild(given);
}

/** A server that runs already; it must answer. */
async function joined({ url, adminToken }) {
  const address = addressOf(url);
  const control = new Control(address);
  const health = await control.call('GET', 'health');
  if (typeof health.version !== 'string') throw control.foreign();
  return new ReelmockServer(address, { adminToken });
}

function addressOf(url) {
  const text = String(url).replace(/\/+$/, '').replace(/\/v1$/, '');
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw new TypeError(`startReelmock: ${url} is no address; write it as http://127.0.0.1:4010.`);
}

async function asChild(given) {
  const named = given.command === undefined ? COMMANDS : [wordsOf(given.command)];
  const token = given.adminToken === undefined ? [] : ['--admin-token', given.adminToken];
  const flags = ['serve', '--isolated', '--port', String(given.port), ...token, ...flagsOf(given)];
  for (const words of named) {
    const child = new Child([...words, ...flags], process.env);
    try {
      const address = await child.greeted((given.startTimeout ?? TIMEOUT) * 1000);
      child.release();
      const { adminToken } = given;
      return new ReelmockServer(address, { adminToken, running: child });
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
      const isMissing = error.isMissing || MISSING.test(error.said);
      if (!isMissing) throw new ReelmockError('The server did not start.', { hint: error.message });
    }
  }
  throw missing(named, given.command !== undefined);
}

function missing(named, isGiven) {
  const tried = named.map((words) => `"${words.join(' ')}"`).join(' nor ');
  const hint = isGiven
    ? 'Give a command that is there, as ["python3", "-m", "reelmock"].'
    : 'Install it with "pip install reelmock", or say where it is: ' +
      'startReelmock({ command }), { image } or { url }.';
  return new ReelmockError(`There is no ${tried} to start Reelmock with.`, { hint });
}

async function inContainer(given) {
  const adminToken = given.adminToken ?? randomBytes(24).toString('base64url');
  try {
    const { address, running } = await startContainer({ ...given, adminToken });
    return new ReelmockServer(address, { adminToken, running });
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    const hint = error.isMissing
      ? `${error.message} Install a container engine, or name yours: { engine: "podman" }.`
      : error.message;
    throw new ReelmockError('The container did not start.', { hint });
  }
}

module.exports = { startReelmock };
