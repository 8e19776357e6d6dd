'use strict';
/** A running server, in the hands of a test. */

const { randomBytes } = require('node:crypto');

const { ReelmockProject } = require('./project.js');

class ReelmockServer {
  #running;
  #stopped = null;

  constructor(address, { adminToken, running } = {}) {
    this.address = address;
    this.adminToken = adminToken;
    this.#running = running;
  }

  get url() {
    return `${this.address}/v1`;
  }

  /** The project of a key; without one, a new project. */
  project(apiKey = `sk-test-${randomBytes(12).toString('hex')}`, openaiProject = environs()) {
    const { adminToken } = this;
    const epitaph = () => this.#running?.epitaph();
    return new ReelmockProject(this.address, { apiKey, openaiProject, adminToken, epitaph });
  }

  /** End a server that was started here; a second time, or another one, nothing. */
  stop() {
    this.#stopped ??= Promise.resolve(this.#running?.stop());
    return this.#stopped;
  }
}

/** The SDK sends it as `OpenAI-Project`, and it is a part of whose data it is. */
const environs = () => process.env.OPENAI_PROJECT_ID?.trim() || undefined;

// The first releases of Node 20 have none, and what compiles `await using` then asks for this.
const ASYNC_DISPOSE = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

ReelmockServer.prototype[ASYNC_DISPOSE] = function asyncDispose() {
  return this.stop();
};

module.exports = { ReelmockServer };
