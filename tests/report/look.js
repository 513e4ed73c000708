// What is wrong with how the page looks, as JSON in an element of its own.
(() => {
  const faults = [];
  const fault = (what, element, more = "") => {
    const text = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 60);
    faults.push(`${what}: <${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> "${text}" ${more}`.trim());
  };
  if (PRINTED) {
    for (const sheet of document.styleSheets)
      for (const rule of sheet.cssRules)
        if (rule.media && rule.media.mediaText.startsWith("screen")) rule.media.mediaText = "not all";
    for (const sheet of document.styleSheets)
      for (const rule of sheet.cssRules)
        if (rule.media && rule.media.mediaText === "print") rule.media.mediaText = "screen";
  }
  if (OPENED) document.querySelectorAll("details").forEach((one) => { one.open = true; });

  const seen = (element) => {
    if (element.closest(".sr, script, style, title, desc, defs")) return false;
    const folded = element.closest("details:not([open])");
    if (folded && !element.closest("summary")) return false;
    return element.getClientRects().length > 0;
  };
  const narrow = window.innerWidth <= 900;
  // Only the matrix may be wider than a wide screen: nobody knows how many workloads there will be.
  const scrolled = (element) => { const box = element.closest(".scroll"); return box && (narrow || box.querySelector(".matrix")) ? box : null; };
  const scrolls = (element) => scrolled(element) || (narrow && element.closest("figure"));

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) fault("wider than the window", root, `${root.scrollWidth} > ${root.clientWidth}`);

  // Nothing is wider than its box.
  for (const element of document.body.querySelectorAll("*")) {
    if (!seen(element) || element.ownerSVGElement || element.tagName === "svg" || !element.clientWidth) continue;
    if (scrolls(element)) continue;
    if (element.scrollWidth > element.clientWidth + 1) fault("cut or overflowing", element, `${element.scrollWidth} > ${element.clientWidth}`);
  }

  // Every line of text, where it is.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !seen(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1) lines.push({ node, box });
  }

  // No text is on other text, nor beyond the window or the drawing.
  lines.sort((one, other) => one.box.top - other.box.top);
  lines.forEach(({ node, box }, place) => {
    for (let next = place + 1; next < lines.length && lines[next].box.top < box.bottom - 3; next += 1) {
      const other = lines[next];
      const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const down = Math.min(box.bottom, other.box.bottom) - other.box.top;
      if (other.node !== node && across > 1.5 && down > 3) fault("overlapping", node.parentElement, `and "${other.node.data.trim().slice(0, 60)}"`);
    }
    const drawing = node.parentElement.ownerSVGElement;
    if (drawing && !scrolls(drawing)) {
      const frame = drawing.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        fault("beyond the drawing", node.parentElement);
    }
    if (!scrolls(node.parentElement) && (box.left < -1 || box.right > root.clientWidth + 1)) fault("beyond the window", node.parentElement);
  });

  // No number and no word of a grid is broken in two.
  for (const { node } of new Map(lines.map((line) => [line.node, line])).values()) {
    if (!node.parentElement.closest(".grid")) continue;
    for (const word of node.data.matchAll(/[^\s-]+-?/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const rows = new Set([...range.getClientRects()].filter((box) => box.width > 0.5).map((box) => Math.round(box.top)));
      const turned = node.parentElement.closest(".turned");
      if (!turned && rows.size > 1) fault("broken", node.parentElement, `in "${word[0]}"`);
    }
  }

  // Whoever scrolls a matrix still sees which line is whose.
  for (const box of document.querySelectorAll(".scroll")) {
    const first = box.querySelector(".matrix tbody th");
    if (!first || !seen(box) || box.scrollWidth <= box.clientWidth + 1) continue;
    box.scrollLeft = box.scrollWidth;
    const own = first.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    window.scrollBy({ top: own.top - 100, behavior: "instant" });
    const shown = first.getBoundingClientRect();
    const top = document.elementFromPoint(shown.left + shown.width / 2, shown.top + shown.height / 2);
    if (Math.abs(own.left - frame.left) > 1.5 || !first.contains(top)) fault("scrolls away", first);
    box.scrollLeft = 0;
    window.scrollTo({ top: 0, behavior: "instant" });
  }

  // Text is readable on what is behind it (WCAG AA: 4.5 to 1).
  const colour = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([red, green, blue]) => [red, green, blue]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const back = colour(getComputedStyle(one).backgroundColor);
      if (back.length === 3 || back[3] > 0) return back;
    }
    return [255, 255, 255];
  };
  const checked = new Set();
  for (const { node } of lines) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    let backs = [behind(element)];
    if (element.ownerSVGElement) {
      const area = element.closest(".label, .cluster");
      const fills = [...element.ownerSVGElement.querySelectorAll(".cluster > path")]
        .filter((path) => !area || path.parentElement.classList[1] === area.classList[1])
        .map((path) => colour(getComputedStyle(path).fill)).filter((fill) => fill.length === 3);
      backs = area && fills.length ? fills : [...backs, ...fills];
    }
    const front = colour(element.ownerSVGElement ? style.fill : style.color);
    for (const back of backs) {
      const key = `${front} ${back}`;
      if (checked.has(key)) continue;
      checked.add(key);
      const ratio = contrast(front, back);
      if (ratio < 4.5) fault("pale", element, `${front} on ${back}: ${ratio.toFixed(1)}`);
    }
  }

  const told = document.createElement("pre");
  told.id = "faults";
  told.hidden = true;
  told.textContent = JSON.stringify({
    width: window.innerWidth,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    lines: lines.length,
    faults: [...new Set(faults)],
  });
  document.body.append(told);
})();
