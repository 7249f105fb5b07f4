const field = document.querySelector("input");
const articles = [...document.querySelectorAll("article")];
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.getAttribute("href").slice(1), link]));
const show = () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const article of articles) {
    const text = article.textContent.toLowerCase();
    article.hidden = !words.every((word) => text.includes(word));
    const link = links.get(article.id);
    if (link) link.hidden = article.hidden;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = ![...section.querySelectorAll("article")].some((article) => !article.hidden);
  }
};
field.addEventListener("input", show);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
  if (event.key === "Escape") { field.value = ""; show(); }
});
