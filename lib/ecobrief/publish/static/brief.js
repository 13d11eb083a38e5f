// What a brief does beyond its text: it draws its charts, opens the entry of a number where the number stands, and hands
// out its data. Everything is in the page (or in the file beside it that #plotlyjs names): nothing else is fetched.
//
// #data is JSON, gzip in base64 (publish/embedded.py); so is #plotlyjs, which runs as an inline script whose hash the page's
// policy names. Each chart has a static picture, which stays until plotly has drawn; when all are drawn,
// <html data-ready="1">.
(async () => {
  "use strict";
  const root = document.documentElement;
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  const strings = JSON.parse(document.getElementById("strings").textContent);

  async function inflated(id) {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }
  const data = inflated("data").then(JSON.parse);

  // Evidence is Chinese; readers aloud, who have scripts, are told here, so that it need not stand in every entry.
  for (const evidence of document.querySelectorAll(".entries q")) if (/[\u3400-\u9fff]/.test(evidence.textContent)) evidence.lang = "zh";

  // Doors

  const dialog = document.getElementById("door");

  // The document of an entry stands over its list, or over an earlier one: in full, or as a link to where it is in full.
  function heading(entry) {
    let head = entry.closest("ol");
    do head = head.previousElementSibling;
    while (!head.matches("[id^='d']") && !head.querySelector("a[href^='#d']"));
    return head.id ? head : document.querySelector(head.querySelector("a[href^='#d']").hash);
  }

  function copy(entry) {
    const one = document.createElement("div");
    one.className = "one";
    one.append(...[...entry.childNodes].map((node) => node.cloneNode(true)));
    const from = document.createElement("p");
    from.append(...[...heading(entry).childNodes].map((node) => node.cloneNode(true)));
    const link = document.createElement("a");
    link.href = `#${entry.id}`;
    link.dataset.list = "";
    link.textContent = strings.list;
    const list = document.createElement("p");
    list.append(link);
    one.append(from, list);
    return one;
  }

  // runs: pairs of the first and the last number of entries that follow each other
  function open(runs) {
    const numbers = runs.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, step) => first + step));
    const entries = numbers.map((number) => document.getElementById(`e${number}`)).filter(Boolean);
    if (!entries.length) return;
    dialog.querySelector("div").replaceChildren(...entries.map(copy));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }

  document.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    const link = event.target.closest("a[href^='#']");
    const found = link && /^#e(\d+)$/.exec(link.getAttribute("href"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.list !== undefined || !found) return dialog.open && dialog.close();
    event.preventDefault();
    const last = Number(/–(\d+)$/.exec(link.textContent.trim())?.[1] ?? found[1]);
    const first = Number(found[1]);
    open([[first, link.closest("sup") && last > first ? last : first]]);
  });

  // Data to take along

  const TEXTS = new Set(["value_text", "unit", "scope_printed", "place", "evidence", "source", "url"]);

  // A spreadsheet takes a text that begins like this for a formula.
  const guarded = (name, text) => (TEXTS.has(name) && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  // What a record leaves out (null) its entry shows: evidence, where it begins, and the words that stand for a value.
  function shown(entry, name) {
    const part = (tag) => entry.querySelector(`:scope > ${tag}`)?.textContent ?? "";
    const start = part("i");
    const end = String(Number(start) + [...part("q")].length);
    return { start, end, evidence: part("q"), value_text: part("b") || part("q") }[name];
  }

  function records(figures) {
    const entries = document.querySelectorAll(".entries li");
    return [...entries].map((entry, place) => {
      const record = Object.entries(figures).map(([name, values]) => [name, values[place] ?? shown(entry, name)]);
      const source = heading(entry);
      const url = source.querySelector("a[href^='http']")?.href ?? "";
      return Object.fromEntries([...record, ["source", source.textContent.replace(/\s+/g, " ").trim()], ["url", url]]);
    });
  }

  function csv(rows) {
    const columns = Object.keys(rows[0] ?? {});
    const lines = rows.map((row) => columns.map((name) => cell(guarded(name, row[name]))));
    return `\ufeff${[columns, ...lines].map((line) => line.join(",")).join("\r\n")}\r\n`;
  }

  async function save(form) {
    const { about, figures, statements } = await data;
    const rows = records(figures);
    const text = form === "csv" ? csv(rows) : `${JSON.stringify({ about, figures: rows, statements }, null, 1)}\n`;
    const link = document.createElement("a");
    const name = decodeURIComponent(location.pathname.split("/").pop() || "brief").replace(/\.html$/, "");
    link.download = `${name}.${form}`;
    link.href = URL.createObjectURL(new Blob([text], { type: form === "csv" ? "text/csv" : "application/json" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  for (const button of document.querySelectorAll("[data-save]")) {
    button.parentElement.hidden = false;
    button.addEventListener("click", () => save(button.dataset.save));
  }

  // Charts

  async function plotly() {
    if (window.Plotly) return window.Plotly;
    const holder = document.getElementById("plotlyjs");
    const script = document.createElement("script");
    if (holder.dataset.src) {
      await new Promise((resolve, reject) => {
        script.onload = resolve;
        script.onerror = () => reject(new Error(`${holder.dataset.src} is not beside the page`));
        script.src = holder.dataset.src;
        document.head.append(script);
      });
    } else {
      script.textContent = await inflated("plotlyjs");
      document.head.append(script);
    }
    if (!window.Plotly) throw new Error("plotly.js did not run");
    return window.Plotly;
  }

  // Charts come in the light colours, the --chart-… of the first rule of the page; another scheme gives them others.
  const plain = (colour) => colour.trim().toLowerCase().replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");

  function palette() {
    const light = document.styleSheets[0].cssRules[0].style;
    const now = getComputedStyle(root);
    const names = [...light].filter((name) => name.startsWith("--chart-"));
    return new Map(names.map((name) => [plain(light.getPropertyValue(name)), now.getPropertyValue(name).trim()]));
  }

  // A colour is a whole value, or stands in the style of a part of a text.
  function coloured(chart, colours) {
    const changed = (colour) => colours.get(plain(colour)) ?? colour;
    const within = (text) => text.replace(/(?<=color:)#[0-9a-f]{6}/gi, changed);
    return JSON.parse(JSON.stringify(chart), (_, value) => (typeof value === "string" ? within(changed(value)) : value));
  }

  async function draw(Plotly, figure, chart) {
    const { data: traces, layout } = chart;
    const plot = figure.querySelector(".plot");
    const live = plot.querySelector(".live") ?? document.createElement("div");
    live.className = "live";
    const style = getComputedStyle(plot);
    const { height = 360, ...rest } = layout;
    // plotly forgets the height of a layout when the window changes; that of an element it keeps.
    live.style.height = `${height}px`;
    if (!live.parentElement) plot.append(live);
    // What a layout does not say itself follows the page; a finger on a chart scrolls the page.
    const page = {
      autosize: true,
      dragmode: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      ...rest,
      font: { ...layout.font, family: style.fontFamily, color: style.color },
    };
    figure.dataset.drawn = "1";
    await Plotly.react(live, traces, page, { displaylogo: false, displayModeBar: false, responsive: true });
    live.removeAllListeners("plotly_click");
    live.on("plotly_click", ({ points }) => open(points[0]?.customdata ?? []));
  }

  function say(figure, why) {
    const note = document.createElement("p");
    note.className = "waiting";
    note.textContent = strings.failed;
    figure.querySelector(".live")?.remove();
    figure.querySelector(".plot").before(note);
    figure.querySelector("details").open = true;
    delete figure.dataset.drawn;
    figure.dataset.failed = String(why);
  }

  async function drawAll() {
    root.dataset.drawing = "1";
    const library = plotly();
    const colours = palette();
    for (const figure of figures) {
      try {
        const { charts } = await data;
        await draw(await library, figure, coloured(charts[figure.dataset.chart - 1], colours));
      } catch (why) {
        say(figure, why);
      }
    }
    delete root.dataset.drawing;
  }

  if (!figures.length) return;
  await drawAll();
  if (!figures.every((figure) => figure.dataset.drawn)) return;
  root.dataset.ready = "1";
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
