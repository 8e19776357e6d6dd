'use strict';
/** A server in a container: the engine's command line stays attached, and ends with us. */

const { execFile } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const { setTimeout: pause } = require('node:timers/promises');
const { promisify } = require('node:util');

const { Child, NotStarted } = require('./child.js');
const { Control } = require('./control.js');
const { flagsOf, wordsOf } = require('./options.js');

/** The port that the image listens on. */
const PORT = 4010;

/** Real milliseconds between two looks. */
const STEP = 50;

/** Seconds that a container has until it answers: its image may have to be pulled. */
const TIMEOUT = 300;

const ask = promisify(execFile);

/** The engine's words that run an image: what stands behind its name are flags of `serve`. */
function runWords({ image, engine = 'docker', engineArgs = [], port, ...settings }, name) {
  return [
    ...wordsOf(engine), 'run', '--rm', '--interactive', '--name', name,
    '--publish', `127.0.0.1:${port || ''}:${PORT}`,
    '--env', 'REELMOCK_ADMIN_TOKEN', // its value is in the engine's environment
    ...engineArgs.map(String), image, ...flagsOf(settings),
  ];
}

/** The address of a new container on this machine, and what `stop` ends. */
async function startContainer(given) {
  const name = `reelmock-${randomBytes(6).toString('hex')}`;
  const env = { ...process.env, REELMOCK_ADMIN_TOKEN: given.adminToken };
  const running = new Container(runWords(given, name), env, name, wordsOf(given.engine ?? 'docker'));
  const milliseconds = (given.startTimeout ?? TIMEOUT) * 1000;
  try {
    await running.greeted(milliseconds);
    const address = await running.published();
    await running.answering(address, milliseconds);
    running.release();
    return { address, running };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

class Container extends Child {
  constructor(words, env, name, engine) {
    super(words, env);
    this.name = name;
    this.engine = engine;
  }

  /** Where its port is found on this machine. */
  async published() {
    const told = await this.asked('port', this.name, `${PORT}/tcp`);
    const found = /^(?:127\.0\.0\.1|0\.0\.0\.0):(\d+)$/m.exec(told);
    if (!found) throw new NotStarted(`Port ${PORT} of ${this.name} is not published: ${told}`);
    return `http://127.0.0.1:${found[1]}`;
  }

  /** Wait until it answers there: a port may be published before it is forwarded. */
  async answering(address, milliseconds) {
    const control = new Control(address);
    for (let left = milliseconds; ; left -= STEP) {
      try {
        return await control.call('GET', 'health');
      } catch (error) {
        if (this.end || left <= 0) throw new NotStarted(this.epitaph() ?? error.message);
        await pause(STEP);
      }
    }
  }

  /** As that of a child; what then is still there is removed. */
  async stop() {
    if (this.end) return;
    await super.stop();
    if (!this.end || this.end.signal) await this.asked('rm', '--force', this.name).catch(() => {});
  }

  async asked(...words) {
    const [engine, ...more] = this.engine;
    try {
      return (await ask(engine, [...more, ...words])).stdout;
    } catch (error) {
      throw new NotStarted(`${engine} ${words[0]} failed: ${error.stderr || error.message}`);
    }
  }
}

module.exports = { startContainer };
