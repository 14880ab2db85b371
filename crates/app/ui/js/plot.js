// Series that can be looked into: the picture drawn on the server gives way to the same one with values
// under the pointer and, for many points, a stretch of time to choose.

/** @typedef {{ title: string, unit: string, lines: { name: string, points: [number, number | null][] }[],
 *   limits: { value: number, title: string }[], bands: { to: number | null, colour: string, title: string }[] }} Plot */

/** Colours of lines in the order they are given out: those of the drawn pictures. */
const INKS = ["#1f6f64", "#b3403a", "#2c7fb8", "#a87a12", "#6b5fa8", "#5c6461"];
/** From so many points on, a stretch of time can be chosen. */
const MANY = 120;

/** @param {string} name */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * What the chart library is to draw.
 * @param {Plot} plot
 */
function option(plot) {
  const ink = token("--muted");
  const font = token("--sans");
  const values = plot.lines.flatMap((line) => line.points.map((p) => p[1])).filter((v) => v !== null);
  const highest = Math.max(0, ...values);
  // A limit far above what is measured is named and not shown, as in the drawn picture.
  const shown = plot.limits.filter((l) => l.value <= highest * 3);
  const most = Math.max(highest, ...shown.map((l) => l.value)) * 1.08 || 1;
  const many = Math.max(...plot.lines.map((line) => line.points.length)) > MANY;
  let below = 0;
  const bands = plot.bands.map((band) => {
    const area = [{ yAxis: below, itemStyle: { color: band.colour, opacity: 0.16 } }, { yAxis: Math.min(band.to ?? most, most) }];
    below = band.to ?? below;
    return area;
  });
  return {
    animation: false,
    aria: { enabled: true },
    color: INKS,
    textStyle: { fontFamily: font, color: ink },
    grid: { left: 52, right: shown.length ? 108 : 20, top: plot.lines.length > 1 ? 34 : 14, bottom: many ? 62 : 28 },
    legend: plot.lines.length > 1 ? { top: 0, textStyle: { color: ink, fontFamily: font } } : undefined,
    tooltip: { trigger: "axis", confine: true, valueFormatter: (/** @type {number | null} */ v) => (v === null ? "—" : `${v} ${plot.unit}`) },
    xAxis: { type: "time", axisLabel: { hideOverlap: true, color: ink }, axisLine: { lineStyle: { color: token("--line-strong") } } },
    yAxis: { type: "value", min: 0, max: Number(most.toPrecision(3)), axisLabel: { color: ink, showMaxLabel: false }, splitLine: { lineStyle: { color: token("--line") } } },
    dataZoom: many ? [{ type: "inside" }, { type: "slider", height: 22, bottom: 8, borderColor: token("--line"), fillerColor: "rgb(31 111 100 / 12%)" }] : [],
    series: plot.lines.map((line, at) => ({
      type: "line",
      name: line.name,
      data: line.points,
      showSymbol: line.points.length <= 60,
      symbolSize: 5,
      connectNulls: false,
      lineStyle: { width: 1.6, type: at % 2 ? "dashed" : "solid" },
      markLine: at === 0 && shown.length ? limits(shown) : undefined,
      markArea: at === 0 && bands.length ? { silent: true, data: bands } : undefined,
    })),
  };
}

/** @param {Plot["limits"]} shown */
const limits = (shown) => ({
  silent: true,
  symbol: "none",
  lineStyle: { color: token("--bad"), type: "dashed", width: 1 },
  label: { position: "end", distance: 6, fontSize: 11, color: token("--bad"), formatter: (/** @type {{ name: string }} */ p) => p.name },
  data: shown.map((l) => ({ yAxis: l.value, name: `${l.title} ${l.value}` })),
});

/** @param {HTMLElement} place */
function draw(place) {
  const given = document.getElementById(place.dataset.plot ?? "");
  const picture = place.querySelector("svg");
  // The library is there or the drawn picture stays.
  const library = /** @type {any} */ (globalThis).echarts;
  if (!given || !picture || !library) return;
  const plot = /** @type {Plot} */ (JSON.parse(given.textContent ?? "null"));
  const canvas = document.createElement("div");
  canvas.className = "plot-canvas";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", plot.title);
  picture.replaceWith(canvas);
  const chart = library.init(canvas, null, { renderer: "svg" });
  chart.setOption(option(plot));
  place.querySelector(".legend")?.remove();
  place.dataset.drawn = "yes";
  new ResizeObserver(() => chart.resize()).observe(canvas);
}

/** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-plot]")).forEach(draw);
