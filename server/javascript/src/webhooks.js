'use strict';
/** The webhooks of a project: where they go, what became of them, what goes wrong. */

const { part } = require('./control.js');
const { idOf } = require('./rules.js');

/** Deliveries or events of one answer. */
const MOST = 1000;

class Webhooks {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** Have events posted to a URL, signed with the `secret` of the answer. */
  add(url, { eventTypes, name } = {}) {
    const json = { url: String(url), event_types: eventTypes, name };
    return this.#control.call('POST', 'webhooks/endpoints', { json });
  }

  async endpoints() {
    return (await this.#control.call('GET', 'webhooks/endpoints')).data;
  }

  async remove(endpoint) {
    await this.#control.call('DELETE', `webhooks/endpoints/${part(idOf(endpoint))}`);
  }

  /** The newest first: of a status, of a video, to an endpoint. */
  async deliveries({ status, video, endpoint, limit = MOST } = {}) {
    const query = { status, video, endpoint: endpoint && idOf(endpoint), limit };
    return (await this.#control.call('GET', 'webhooks/deliveries', { query })).data;
  }

  /** One, by the `webhook-id` of its attempts, also with the `body` that is sent. */
  delivery(delivery) {
    return this.#control.call('GET', `webhooks/deliveries/${part(idOf(delivery))}`);
  }

  redeliver(delivery) {
    const path = `webhooks/deliveries/${part(idOf(delivery))}/redeliver`;
    return this.#control.call('POST', path);
  }

  /** Make up an event; answers when it was attempted. */
  send(type, { video, fields, endpoint } = {}) {
    const json = { type, video, fields, endpoint: endpoint && idOf(endpoint) };
    return this.#control.call('POST', 'webhooks/events', { json });
  }

  /** What was told, the oldest first. */
  async events({ video } = {}) {
    const found = [];
    for (let after = 0; after !== null; ) {
      const query = { video, after, limit: MOST };
      const page = await this.#control.call('GET', 'webhooks/events', { query });
      found.push(...page.data);
      after = page.next;
    }
    return found;
  }

  /** Wait until nothing that is due is unposted, at most so many real seconds. */
  drain(seconds = 60) {
    const more = { json: { seconds }, patience: seconds * 1000 };
    return this.#control.call('POST', 'webhooks/drain', more);
  }

  /** Have something go wrong on the way, as `weather('drop', { times: 2 })`. */
  weather(kind, { endpoint, times, seconds, signed } = {}) {
    const json = { kind, endpoint: endpoint && idOf(endpoint), times, seconds, signed };
    return this.#control.call('POST', 'webhooks/weather', { json });
  }

  /** End one, or all that was asked for here. */
  async clearWeather(weather) {
    const one = weather === undefined ? '' : `/${part(idOf(weather))}`;
    return (await this.#control.call('DELETE', `webhooks/weather${one}`)).ended;
  }
}

module.exports = { Webhooks };
