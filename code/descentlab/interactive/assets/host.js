// Brings the widgets to life on a static page, without a kernel: reads the saved widget state and
// imports each widget's module from this folder, or on file:// from the copy in the state.

(() => {
  const here = new URL(".", document.currentScript.src);
  const mime = (kind) => `application/vnd.jupyter.widget-${kind}+json`;
  const tags = (kind) => [...document.querySelectorAll(`script[type="${mime(kind)}"]`)];

  /** A widget model without a kernel, shared by its views. */
  class StaticModel extends EventTarget {
    constructor(state) {
      super();
      this.state = { ...state };
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      if (Object.is(this.state[name], value)) return;
      this.state[name] = value;
      for (const event of [`change:${name}`, "change"]) this.dispatchEvent(new Event(event));
    }

    on(event, callback) {
      this.addEventListener(event, callback);
    }

    off(event, callback) {
      this.removeEventListener(event, callback);
    }

    save_changes() {}
    send() {}
  }

  async function importWidget({ _module, _esm }) {
    if (location.protocol !== "file:") return (await import(new URL(_module, here))).default;
    if (!_esm) throw new Error("it needs a web server, which a page opened as a file does not have");
    const url = URL.createObjectURL(new Blob([_esm], { type: "text/javascript" }));
    try {
      return (await import(url)).default;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  const loadStyle = () => new Promise((done) => {
    const link = document.createElement("link");
    const href = new URL("widgets.css", here);
    Object.assign(link, { rel: "stylesheet", href, onload: done, onerror: done });
    document.head.append(link);
  });

  async function mount(tag, record, models, id) {
    const el = document.createElement("div");
    tag.before(el);
    try {
      const widget = await importWidget(record.state);
      if (!models.has(id)) models.set(id, new StaticModel(record.state));
      await widget.render({ model: models.get(id), el });
    } catch (error) {
      el.textContent = `This interactive figure could not be shown: ${error.message}.`;
      el.setAttribute("role", "note");
      console.error(error);
    }
  }

  function parse(tag) {
    try {
      return JSON.parse(tag.textContent);
    } catch (error) {
      console.error(error);
      return {};
    }
  }

  async function mountAll() {
    const records = Object.assign({}, ...tags("state").map((tag) => parse(tag).state));
    const models = new Map();
    const ours = tags("view").map((tag) => [tag, parse(tag).model_id])
      .filter(([, id]) => records[id]?.model_module === "anywidget" && records[id].state._module);
    if (ours.length) await loadStyle();
    for (const [tag, id] of ours) await mount(tag, records[id], models, id);
    document.documentElement.dataset.widgetsReady = "true";
  }

  mountAll();
})();
