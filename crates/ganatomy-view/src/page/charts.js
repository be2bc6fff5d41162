"use strict";
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  // The library of a course is a file of its own, which a page may have been moved away from.
  if (typeof Plotly === "undefined") {
    const told = {
      en: "The charts need the file plotly.js, which lies beside this page where it was made.",
      ko: "차트를 그리려면 이 페이지가 만들어진 폴더에 있는 plotly.js 파일이 필요합니다.",
    };
    document.querySelectorAll("[data-figure]").forEach((box) => Object.entries(told).forEach(([lang, text]) => {
      Object.assign(box.appendChild(document.createElement("p")), { lang, textContent: text });
    }));
    throw new Error("plotly.js is missing");
  }
  const root = document.documentElement;
  const INK = "#262626";
  const drawn = [];

  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  // Theory is drawn in the colour of the text, which depends on the scheme of the page.
  const inked = (value, ink) => {
    if (value === INK) return ink;
    if (Array.isArray(value)) return typeof value[0] === "object" ? value.map((v) => inked(v, ink)) : value;
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, inked(v, ink)]));
    }
    return value;
  };

  // The rows of plotly's legend: if one row does not hold the entries, they stand in columns as wide as the longest.
  const pen = document.createElement("canvas").getContext("2d");
  const legendRows = (names, width) => {
    pen.font = "12px system-ui, sans-serif";
    const widths = names.map((name) => pen.measureText(name).width + 45);
    if (widths.reduce((sum, w) => sum + w, 0) <= width) return names.length ? 1 : 0;
    return Math.ceil(names.length / Math.max(1, Math.floor(width / Math.max(...widths))));
  };

  // A text over a chart, with line breaks where it would be too wide.
  const broken = (words, width) => {
    pen.font = "14px system-ui, sans-serif";
    return words.split(" ").reduce((lines, word) => {
      const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
      return lines.length && pen.measureText(longer).width > width ? [...lines, word] : [...lines.slice(0, -1), longer];
    }, []);
  };

  const show = (place, chart, bare) => {
    const words = chart.words[root.lang] || chart.words.en;
    // A surface is light on dark pages too, so marks on it have a grey that is visible on both.
    const surface = chart.data.some((trace) => trace.type === "heatmap");
    const data = chart.data.map((trace) => {
      // The place of the layer of which a trace is all or a part.
      const layer = trace.legendgroup;
      const own = { ...inked(trace, surface ? "#5f6b7a" : colour("--ink")), name: words.names[layer] ?? "" };
      if (own.type === "heatmap") own.colorbar = { ...own.colorbar, title: { text: words.units[layer], side: "right" } };
      return own;
    });
    const ink = colour("--ink"), grid = colour("--line");
    const axis = (own, name, ticks) => ({
      ...own, ...(ticks.length ? { ticktext: ticks } : {}), ...(chart.square ? { constrain: "domain" } : {}), title: { text: name, standoff: 8 },
      gridcolor: grid, zerolinecolor: grid, linecolor: grid, exponentformat: "power",
    });
    const named = data.filter((trace) => trace.showlegend).map((trace) => trace.name);
    const rows = legendRows(named, place.clientWidth - 70);
    place.classList.toggle("square", chart.square);
    const title = bare ? [] : broken(words.title, place.clientWidth * 0.96);
    const height = chart.square ? Math.min(place.clientWidth, 480) : 340;
    const layout = {
      ...chart.layout,
      xaxis: axis(chart.layout.xaxis, words.x, words.ticks[0]),
      yaxis: axis(chart.layout.yaxis, words.y, words.ticks[1]),
      title: !title.length ? undefined
        : { text: title.join("<br>"), font: { size: 14 }, x: 0.02, xanchor: "left", y: 1, yanchor: "top", pad: { t: 12 * title.length - 6 } },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: ink, family: "system-ui, sans-serif", size: 12 },
      showlegend: rows > 0,
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, xanchor: "left" },
      height: height + (rows ? 21 + 19 * rows : 0) + 18 * Math.max(0, title.length - 1),
      width: place.clientWidth, hovermode: "closest", barmode: "overlay",
    };
    layout.margin = { ...layout.margin, t: (title.length ? 16 + 18 * title.length : 10) + (rows ? 11 + 19 * rows : 0) };
    Plotly.react(place, data, layout, { displayModeBar: false });
  };

  // Charts take the width of their place whenever it changes; in the next frame, as drawing changes heights.
  const widths = new Map();
  const observer = new ResizeObserver((entries) => requestAnimationFrame(() => {
    entries.filter(({ target }) => target.clientWidth && widths.get(target) !== target.clientWidth)
      .forEach(({ target }) => target.draw());
    measure();
  }));
  const place = (parent, draw) => {
    const made = parent.appendChild(document.createElement("div"));
    made.draw = () => {
      widths.set(made, made.clientWidth);
      draw(made);
    };
    observer.observe(made);
    drawn.push(made.draw);
    return made;
  };

  // For the browser test: how many charts were drawn.
  const measure = () => {
    root.dataset.drawn = document.querySelectorAll(".js-plotly-plot .cartesianlayer .subplot").length;
  };

  const again = () => {
    drawn.forEach((draw) => draw());
    measure();
  };

  document.querySelectorAll("[data-figure]").forEach((box) => {
    const figure = figures[box.dataset.figure];
    const add = (tag, parent) => parent.appendChild(document.createElement(tag));
    if (!figure.stepped) {
      figure.charts.forEach((chart) => place(box, (made) => show(made, chart, false)));
      return;
    }
    const bar = add("label", box);
    const slider = add("input", bar), told = add("output", bar);
    Object.assign(slider, { type: "range", min: 0, max: figure.charts.length - 1, value: figure.charts.length - 1 });
    bar.className = "slider";
    const chart = place(box, (made) => {
      const chart = figure.charts[Number(slider.value)];
      told.textContent = (chart.words[root.lang] || chart.words.en).title;
      slider.setAttribute("aria-label", told.textContent);
      show(made, chart, true);
    });
    slider.addEventListener("input", chart.draw);
  });

  document.addEventListener("language", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  again();
})();
