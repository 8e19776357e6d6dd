'use strict';
/** `reelmock serve` as a child of this process, by whatever command. */

const { spawn } = require('node:child_process');
const { clearTimeout, setTimeout } = require('node:timers');

const GREETING = /^Reelmock listens on (\S+),/m;

/** Characters of what the server says that are remembered. */
const REMEMBERED = 8192;

/** Real milliseconds that a server is given to end by itself, and then after SIGTERM. */
const GRACE = [12_000, 5_000];

/** A command that ended, or was ended, before a server answered. */
class NotStarted extends Error {
  constructor(message, { isMissing = false, said = '' } = {}) {
    super(message);
    this.isMissing = isMissing;
    this.said = said;
  }
}

class Child {
  constructor(words, env) {
    this.words = words;
    this.said = '';
    this.end = null;
    this.isStopped = false;
    this.process = spawn(words[0], words.slice(1), { stdio: 'pipe', env, windowsHide: true });
    this.ended = new Promise((resolve) => {
      this.process.on('error', (error) => resolve({ error }));
      this.process.on('close', (status, signal) => resolve({ status, signal }));
    });
    this.ended.then((end) => {
      this.end = end;
    });
    this.process.stdin.on('error', () => {}); // it may be gone already
    this.process.stderr.on('data', (piece) => {
      this.said = (this.said + piece).slice(-REMEMBERED);
    });
  }

  /** The address that it greets with; NotStarted if it does not, within milliseconds. */
  async greeted(milliseconds) {
    const late = Symbol('late');
    const first = await within(milliseconds, late, Promise.race([this.greeting(), this.ended]));
    if (typeof first === 'string') return first;
    if (first === late) {
      await this.stop();
      const why = `did not answer within ${milliseconds / 1000} s`;
      throw new NotStarted(`${this.shown()} ${why}. ${this.told()}`, { said: this.said });
    }
    throw new NotStarted(this.epitaph(), {
      isMissing: first.error?.code === 'ENOENT',
      said: this.said,
    });
  }

  greeting() {
    let heard = '';
    return new Promise((resolve) => {
      // Listened to for as long as it runs: a full pipe would hold the server up.
      this.process.stdout.on('data', (piece) => {
        heard = (heard + piece).slice(-REMEMBERED);
        const found = GREETING.exec(heard);
        if (found) resolve(found[1]);
      });
    });
  }

  /** Have it run beside this process, which may end whenever it likes. */
  release() {
    for (const one of this.handles()) one.unref();
  }

  /** End it, and wait until it has. */
  async stop() {
    this.isStopped = true;
    if (this.end) return;
    for (const one of this.handles()) one.ref();
    this.process.stdin.end();
    for (const [step, signal] of ['SIGTERM', 'SIGKILL'].entries()) {
      if (await within(GRACE[step], false, this.ended)) return;
      this.process.kill(signal);
    }
    await within(GRACE[1], false, this.ended);
  }

  handles() {
    const { stdin, stdout, stderr } = this.process;
    return [this.process, stdin, stdout, stderr];
  }

  shown() {
    return this.words.join(' ');
  }

  told() {
    return this.said.trim() || 'It said nothing.';
  }

  /** Why it is no more; undefined while it is. */
  epitaph() {
    if (!this.end) return undefined;
    if (this.isStopped) return 'It was stopped.';
    const { error, status, signal } = this.end;
    if (error) return `${this.shown()} cannot be run: ${error.message}.`;
    return `${this.shown()} ended with ${signal ?? `status ${status}`}. ${this.told()}`;
  }
}

/** What is promised, or `late` if it takes longer than that. */
async function within(milliseconds, late, promise) {
  let timer;
  const end = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds, late);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}

module.exports = { Child, NotStarted, within };
