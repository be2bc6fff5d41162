const root = document.documentElement;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const wrong = [];
document.querySelector('[data-language="LANGUAGE"]').click();
const source = document.getElementById("figures");
const figures = Object.values(source ? JSON.parse(source.textContent) : {});
const wanted = figures.reduce((n, figure) => n + (figure.stepped ? 1 : figure.charts.length), 0);
for (const slider of document.querySelectorAll("input[type=range]")) {
  const told = () => slider.parentElement.querySelector("output").textContent;
  const before = told();
  slider.value = 0;
  slider.dispatchEvent(new Event("input"));
  if (slider.max > 0 && told() === before) wrong.push(`the slider at "${before}" does nothing`);
}
// Charts take the width of their place after the next layout.
for (let i = 0; i < 100 && Number(root.dataset.drawn || 0) < wanted; i++) await wait(20);
await wait(100);
if (root.dataset.error) wrong.push(`a script failed: ${root.dataset.error}`);
if (wanted && Number(root.dataset.drawn) !== wanted) wrong.push(`${root.dataset.drawn} of ${wanted} charts were drawn`);
const wider = document.scrollingElement.scrollWidth - root.clientWidth;
if (wider > 0) wrong.push(`it is ${wider} px wider than the window`);
const shown = [...document.querySelectorAll("[lang]")].filter((e) => e !== root && e.offsetParent);
const other = shown.find((e) => e.lang !== "LANGUAGE");
if (other) wrong.push(`it shows words in another language: "${other.textContent.trim().slice(0, 40)}"`);
for (const image of document.images) if (!image.complete || !image.naturalWidth) wrong.push(`an image is broken: ${image.alt}`);
return wrong;
