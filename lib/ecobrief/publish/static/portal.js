// What the portal does beyond its list: it shows the briefs that fit a filter, and keeps the filter in the address, so
// that a filtered portal can be mailed, bookmarked and gone back to. Nothing is fetched; the list itself is in the page.
(() => {
  "use strict";
  const root = document.documentElement;
  const form = document.getElementById("filter");
  const field = form.elements.namedItem("q");
  const choices = [...(form.elements.namedItem("metric")?.options ?? [])];
  const count = document.getElementById("count");
  const clear = document.getElementById("clear");
  // The language of the page as it was written, and the only one it has, if it is one.
  const { lang: written, dataset: { only = "" } } = root;
  for (const option of choices) option.dataset.all = option.textContent;

  // Full-width letters, capitals and kinds of apostrophe make no difference.
  const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/['’‘ʼ`]/g, "");

  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const ids = new Map(choices.flatMap(({ value, dataset: { zh, en } }) => [zh, en].map((name) => [plain(name ?? ""), value])));

  function metrics(brief) {
    return [...brief.querySelectorAll("dt")].map((head) => {
      const values = [];
      for (let next = head.nextElementSibling; next?.matches("dd"); next = next.nextElementSibling) values.push(next);
      return { id: ids.get(plain(head.textContent)), cells: [head, ...values], stated: values.some((value) => !value.classList.contains("absent")) };
    });
  }

  const subjects = [...document.querySelectorAll(".subjects > li")].map((item) => ({
    item,
    text: folded([item.dataset.ids, ...[...item.querySelectorAll(".title")].map((title) => title.textContent)].join("\n")),
    briefs: [...item.children].map((brief) => ({ brief, made: !brief.querySelector(".failed"), metrics: metrics(brief) })),
  }));

  // The filter is {q, metric, lang}, "" where a part does not filter.

  function filter() {
    const { q, metric = "", lang = "both" } = Object.fromEntries(new FormData(form));
    return { q: q.trim(), metric, lang: lang === "both" ? "" : lang };
  }

  function read() {
    form.reset();
    const given = new URLSearchParams(location.hash.slice(1));
    field.value = given.get("q") ?? "";
    for (const option of choices) if (option.value === given.get("metric")) option.selected = true;
    for (const button of form.querySelectorAll("[name=lang]")) if (button.value === given.get("lang")) button.checked = true;
  }

  function write(how) {
    const parts = Object.entries(filter()).filter(([, value]) => value);
    history[how](null, "", location.href.split("#")[0] + (parts.length ? `#${new URLSearchParams(parts)}` : ""));
  }

  function speak(lang) {
    root.lang = (lang && form.querySelector(`[name=lang][value=${lang}]`).closest("label").lang) || written;
    if (lang || only) root.dataset.only = lang || only;
    else delete root.dataset.only;
    for (const option of choices) option.textContent = option.dataset[lang || "all"] ?? option.dataset.all;
  }

  function show() {
    const { q, metric, lang } = filter();
    const words = folded(q).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { item, text, briefs } of subjects) {
      const sought = words.every((word) => text.includes(word));
      for (const { brief, made, metrics } of briefs) {
        const fits = sought && (!lang || brief.lang.startsWith(lang)) && (!metric || metrics.some(({ id, stated }) => id === metric && stated));
        brief.hidden = !fits;
        if (fits && made) shown += 1;
        for (const { id, cells } of metrics) for (const cell of cells) cell.classList.toggle("chosen", !!metric && id === metric);
      }
      item.hidden = briefs.every(({ brief }) => brief.hidden);
    }
    for (const section of document.querySelectorAll("main section")) section.hidden = !section.querySelector("li:not([hidden])");
    speak(lang);
    for (const part of count.children) part.textContent = part.dataset.text.replace("{shown}", shown);
    clear.hidden = !(words.length || metric || lang);
    document.getElementById("none").hidden = subjects.some(({ item }) => !item.hidden);
  }

  // A word typed is one step to go back, not one for each letter.
  let typing = false;
  function changed(event) {
    if (event.isComposing) return;
    const letter = event.target === field;
    write(letter && typing ? "replaceState" : "pushState");
    typing = letter;
    show();
  }
  form.addEventListener("input", changed);
  form.addEventListener("compositionend", changed);
  field.addEventListener("change", () => (typing = false));
  form.addEventListener("submit", (event) => event.preventDefault());
  clear.addEventListener("click", () => {
    form.reset();
    typing = false;
    write("pushState");
    show();
    field.focus();
  });
  addEventListener("popstate", () => {
    typing = false;
    read();
    show();
  });

  read();
  form.hidden = false;
  count.parentElement.hidden = false;
  show();
})();
