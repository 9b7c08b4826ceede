// The connection that feeds the page.

import { query } from "./filter.js";

/** A browser takes an answer that is no stream for the last word; there may be too many streams for the moment. */
const RETRY_MS = 2_000;

/** Follows the feed under a filter. A browser reconnects by itself after a lost connection, from the last message on. */
export class Stream {
  #source = null;
  #line = null;
  #cursor = "";
  #retry = 0;
  #heard;
  #told;

  /** `heard` takes each message, `told` whether there is a connection. */
  constructor(heard, told) {
    this.#heard = heard;
    this.#told = told;
    // A page that nobody sees needs no feed, and a browser has few connections to give.
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
  }

  /** Begins anew with the newest entries. */
  follow(line) {
    this.#line = line;
    this.#cursor = "";
    this.#open();
  }

  #open() {
    this.#close();
    const parameters = query(this.#line);
    if (this.#cursor) parameters.set("since", this.#cursor);
    const source = new EventSource(`/api/page/stream?${parameters}`);
    source.onopen = () => this.#told(true);
    source.onerror = () => {
      this.#told(false);
      if (source.readyState === EventSource.CLOSED) this.#retry = setTimeout(() => this.#open(), RETRY_MS);
    };
    source.onmessage = (message) => {
      this.#cursor = message.lastEventId;
      this.#heard(JSON.parse(message.data));
    };
    this.#source = source;
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }
}
