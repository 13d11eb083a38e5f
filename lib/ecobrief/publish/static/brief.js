// Draws the charts of a brief. Everything it needs is in the page: nothing is fetched.
//
// plotly.js lies compressed in #plotlyjs; it is inflated and run as an inline script, whose hash the page's policy
// names. Each figure[data-chart] holds its data and layout as JSON. When all are drawn, <html data-ready="1">.
// Where drawing fails the reader is told and the table of the same numbers is opened.
(async () => {
  "use strict";
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  const strings = JSON.parse(document.getElementById("strings").textContent);

  async function plotly() {
    const packed = atob(document.getElementById("plotlyjs").textContent);
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
    if (!window.Plotly) throw new Error("plotly.js did not run");
    return window.Plotly;
  }

  async function draw(Plotly, figure) {
    const { data, layout } = JSON.parse(figure.querySelector(":scope > script").textContent);
    const plot = figure.querySelector(".plot");
    const style = getComputedStyle(plot);
    const { height = 360, ...rest } = layout;
    plot.replaceChildren();
    // plotly forgets the height of a layout when the window changes; that of an element it keeps.
    plot.style.height = `${height}px`;
    // What a layout does not say itself follows the page; a finger on a chart scrolls the page.
    const page = {
      autosize: true,
      dragmode: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      ...rest,
      font: { family: style.fontFamily, color: style.color, ...layout.font },
    };
    const config = { displaylogo: false, displayModeBar: false, responsive: true };
    await Plotly.newPlot(plot, data, page, config);
    figure.dataset.drawn = "1";
  }

  function say(figure, why) {
    const note = document.createElement("p");
    note.className = "waiting";
    note.textContent = strings.failed;
    figure.querySelector(".plot").replaceChildren(note);
    figure.querySelector("details").open = true;
    figure.dataset.failed = String(why);
  }

  const library = plotly();
  for (const figure of figures) {
    try {
      await draw(await library, figure);
    } catch (why) {
      say(figure, why);
    }
  }
  if (figures.every((figure) => figure.dataset.drawn)) document.documentElement.dataset.ready = "1";
})();
