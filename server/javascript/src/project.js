'use strict';
/** One project of a server: what a test does to it, and what it claims of it. */

const claims = require('./claims.js');
const { Clock } = require('./clock.js');
const { Control, part } = require('./control.js');
const { Journal } = require('./journal.js');
const { Faults, Scenarios } = require('./rules.js');
const { Webhooks } = require('./webhooks.js');

class ReelmockProject {
  #control;

  constructor(address, { apiKey, openaiProject, adminToken, epitaph }) {
    this.url = `${address}/v1`;
    this.apiKey = apiKey;
    this.openaiProject = openaiProject;
    this.#control = new Control(address, { apiKey, openaiProject, adminToken, epitaph });
    this.clock = new Clock(this.#control);
    this.faults = new Faults(this.#control);
    this.scenarios = new Scenarios(this.#control);
    this.journal = new Journal(this.#control);
    this.webhooks = new Webhooks(this.#control);
  }

  get env() {
    const named = this.openaiProject ? { OPENAI_PROJECT_ID: this.openaiProject } : {};
    return { OPENAI_BASE_URL: this.url, OPENAI_API_KEY: this.apiKey, ...named };
  }

  async scenario(scenario) {
    await this.scenarios.use(scenario);
  }

  terms() {
    return this.#control.call('GET', 'terms');
  }

  /** What is left out stays; null gives everything back. */
  setTerms(terms) {
    if (terms === null) return this.#control.call('DELETE', 'terms');
    return this.#control.call('PUT', 'terms', { json: terms });
  }

  spend() {
    return this.#control.call('GET', 'spend');
  }

  setBudget(usd) {
    return this.#control.call('PUT', 'spend/budget', { json: { budget: usd } });
  }

  async preload(videos) {
    return (await this.#control.call('POST', 'videos', { json: { videos } })).data;
  }

  async videos({ limit } = {}) {
    return (await this.#control.call('GET', 'videos', { query: { limit } })).data;
  }

  complete(video) {
    return this.#control.call('POST', `videos/${part(video)}/complete`);
  }

  fail(video, { code, message } = {}) {
    return this.#control.call('POST', `videos/${part(video)}/fail`, { json: { code, message } });
  }

  progress(video, percent) {
    const json = { progress: percent };
    return this.#control.call('POST', `videos/${part(video)}/progress`, { json });
  }

  expire(video) {
    return this.#control.call('POST', `videos/${part(video)}/expire`);
  }

  reset({ keep = [] } = {}) {
    return this.#control.call('POST', 'reset', { json: { keep } });
  }

  snapshot() {
    return this.#control.send('GET', 'snapshot');
  }

  async restore(bytes) {
    return (await this.#control.call('PUT', 'snapshot', { body: bytes })).data;
  }

  assertCalled(operation, expected) {
    return claims.assertCalled(this.journal, operation, expected);
  }

  assertNotCalled(operation, expected = {}) {
    return claims.assertCalled(this.journal, operation, { ...expected, times: 0 });
  }

  assertOrder(operations) {
    return claims.assertOrder(this.journal, operations);
  }

  assertDownloaded(video, variant) {
    return claims.assertDownloaded(this.journal, video, variant);
  }

  assertNoContractWarnings() {
    return claims.assertNoContractWarnings(this.journal);
  }

  async assertSpendBelow(usd) {
    claims.checkSpend(await this.spend(), usd);
  }
}

module.exports = { ReelmockProject };
