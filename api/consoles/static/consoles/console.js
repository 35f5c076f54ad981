// What the pages gain from JavaScript: charts, shown passwords, a key for the search box. Without it they still work.
// Every sentence comes from the page, in the reader's language; there is none in here.

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const tones = ["brand", "second", "third", "fourth", "fifth", "sixth"];
const colour = (tone, index) => css(`--tone-${tone ?? tones[index % tones.length]}`);

function datasets(said) {
  const kinds = { area: "line", bar: "bar", stacked: "bar", sideways: "bar" };
  const drawn = said.series.map((series, index) => ({
    type: kinds[said.kind],
    label: series.name,
    data: series.values,
    borderColor: colour(series.tone, index),
    backgroundColor: colour(series.tone, index) + (said.kind === "area" ? "33" : ""),
    fill: said.kind === "area",
    pointRadius: said.kind === "area" ? 2 : 0,
    pointHitRadius: 12,
    borderWidth: said.kind === "area" ? 2 : 0,
    tension: 0.2,
    maxBarThickness: 48,
  }));
  const limits = (said.limits ?? []).map((limit) => ({
    type: "line",
    label: limit.name,
    data: said.labels.map(() => limit.value),
    borderColor: colour(limit.tone ?? "stop"),
    borderDash: [6, 4],
    borderWidth: 2,
    pointRadius: 0,
    fill: false,
  }));
  return [...drawn, ...limits];
}

function options(said, language) {
  const figures = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const sideways = said.kind === "sideways";
  const along = { grid: { color: css("--chart-grid") }, ticks: { color: css("--chart-ink"), callback: (value) => figures.format(value) }, beginAtZero: true, stacked: said.kind === "stacked" };
  const across = { grid: { display: false }, ticks: { color: css("--chart-ink"), maxRotation: 0, autoSkipPadding: 12 }, stacked: said.kind === "stacked" };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    indexAxis: sideways ? "y" : "x",
    interaction: { mode: "index", intersect: false, axis: sideways ? "y" : "x" },
    scales: sideways ? { x: along, y: across } : { x: across, y: along },
    plugins: {
      legend: { display: said.series.length + (said.limits ?? []).length > 1, position: "bottom", labels: { color: css("--chart-ink"), boxWidth: 14 } },
      tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${whole.format(item.raw)} ${said.unit ?? ""}`.trim() } },
    },
    onClick: (_event, elements) => {
      const address = elements.length && said.addresses?.[elements[0].index];
      if (address) location.assign(address);
    },
  };
}

function draw(figure) {
  const canvas = figure.querySelector("canvas");
  const said = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  Chart.getChart(canvas)?.destroy();
  Chart.defaults.font.family = css("--bs-font-sans-serif");
  new Chart(canvas, { data: { labels: said.labels, datasets: datasets(said) }, options: options(said, document.documentElement.lang) });
}

function drawAll(within = document) {
  if (globalThis.Chart) within.querySelectorAll("[data-chart]").forEach(draw);
}

function showPasswords(within) {
  for (const button of within.querySelectorAll("[data-shows]")) {
    const input = document.getElementById(button.dataset.shows);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? button.dataset.show : button.dataset.hide;
      button.setAttribute("aria-pressed", String(!shown));
    });
  }
}

function prepare(within = document) {
  showPasswords(within);
  drawAll(within);
  const wanted = within.matches?.("[data-focus]") ? within : within.querySelector("[data-focus]");
  wanted?.focus();
}

function measureFrame() {
  const frame = document.querySelector(".frame");
  const height = getComputedStyle(frame).position === "sticky" ? frame.offsetHeight : 0;
  document.documentElement.style.setProperty("--frame-height", `${height}px`);
}

document.addEventListener("keydown", (event) => {
  const search = document.getElementById("search");
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || !search || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  search.focus();
  search.select();
});
function closeSearch(event) {
  const found = document.getElementById("found");
  if (!found || (event.type === "keydown" ? event.key !== "Escape" : event.target.closest(".search"))) return;
  if (event.type === "keydown" && found.childElementCount) document.getElementById("search").focus();
  found.replaceChildren();
}

document.addEventListener("click", closeSearch);
document.addEventListener("keydown", closeSearch);
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) prepare(event.target); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => requestAnimationFrame(() => drawAll()));
addEventListener("resize", measureFrame);
measureFrame();
prepare();
