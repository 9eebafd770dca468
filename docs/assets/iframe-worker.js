// Search on pages opened from a disk. Material searches in a Web Worker, and
// browsers refuse to start one from a file:// address. There, and only there, a
// hidden iframe stands in: it too has a global scope of its own, and may load
// scripts from the disk.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    #frame = document.createElement("iframe");
    #ready;

    constructor(url) {
      super();
      const script = new URL(url, document.baseURI).href;
      this.#frame.hidden = true;
      this.#ready = new Promise((resolve) => {
        this.#frame.addEventListener("load", resolve, { once: true });
      }).then(() => this.#start(script));
      this.#ready.catch(() => this.dispatchEvent(new Event("error")));
      document.body.append(this.#frame);
    }

    // Inside, `postMessage` speaks to the page, and `importScripts` gives a
    // promise: no script can wait for another to load. (Material awaits it.)
    #start(script) {
      const scope = this.#frame.contentWindow;
      const load = (address) =>
        new Promise((resolve, reject) => {
          const element = scope.document.createElement("script");
          element.onload = () => resolve();
          element.onerror = () => reject(new Error(`cannot load ${address}`));
          element.src = new URL(address, script).href;
          scope.document.head.append(element);
        });
      scope.postMessage = (data) => this.#deliver(this, data);
      scope.importScripts = async (...addresses) => {
        for (const address of addresses) await load(address);
      };
      return load(script);
    }

    // As between threads: a copy, and never before the sender has finished.
    #deliver(target, data) {
      const copy = structuredClone(data);
      setTimeout(() => {
        target.dispatchEvent(new MessageEvent("message", { data: copy }));
      });
    }

    postMessage(data) {
      const copy = structuredClone(data);
      this.#ready.then(
        () => this.#deliver(this.#frame.contentWindow, copy),
        () => {},
      );
    }

    terminate() {
      this.#frame.remove();
    }

    // `worker.onmessage = …` is `addEventListener` under another name.
    #handlers = {};

    #handle(type, handler) {
      this.removeEventListener(type, this.#handlers[type]);
      this.#handlers[type] = handler;
      this.addEventListener(type, handler);
    }

    get onmessage() {
      return this.#handlers.message ?? null;
    }

    set onmessage(handler) {
      this.#handle("message", handler);
    }

    get onerror() {
      return this.#handlers.error ?? null;
    }

    set onerror(handler) {
      this.#handle("error", handler);
    }
  };
}
