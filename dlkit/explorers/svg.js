// Pictures as SVG text, as in dlkit/svg.py: colours are classes of picture.css, for light and dark.

// A picture: its marks, its size, the words that say what it shows, and grids of pixels below the
// marks, each { x, y, width, height, columns, rows, rgba }.
export function picture(marks, width, height, alt, grids = []) {
  return { marks, width, height, alt, grids };
}

export function inline({ marks, width, height, alt, grids }) {
  const svg = `<svg class="dlk-picture" role="img" aria-label="${escaped(alt)}" ` +
    `viewBox="0 0 ${width} ${height}" width="${width}">${marks}</svg>`;
  if (!grids.length) return svg;
  const share = (part, whole) => `${(100 * part) / whole}%`;
  const canvases = grids.map((grid) =>
    `<canvas width="${grid.columns}" height="${grid.rows}" style="left:${share(grid.x, width)};` +
    `top:${share(grid.y, height)};width:${share(grid.width, width)};` +
    `height:${share(grid.height, height)}"></canvas>`);
  return `<div class="dlk-stack" style="width:${width}px">${canvases.join("")}${svg}</div>`;
}

// The pixels of all pictures' grids onto the canvases that `inline` made, in the same order.
export function paint(pictures, place) {
  const canvases = place.querySelectorAll(".dlk-stack canvas");
  pictures.flatMap(({ grids }) => grids).forEach(({ columns, rows, rgba }, i) => {
    const pixels = new ImageData(new Uint8ClampedArray(rgba), columns, rows);
    canvases[i].getContext("2d").putImageData(pixels, 0, 0);
  });
}

// One group of marks for a file that stands alone: the grids as small PNGs.
export function alone({ marks, grids }) {
  return grids.map((grid) =>
    `<image x="${px(grid.x)}" y="${px(grid.y)}" width="${px(grid.width)}" ` +
    `height="${px(grid.height)}" preserveAspectRatio="none" ` +
    `href="data:image/png;base64,${png(grid)}"/>`).join("") + marks;
}

export function escaped(words) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return String(words).replace(/[&<>"]/g, (sign) => names[sign]);
}

export function px(value) {
  return value.toFixed(1);
}

export function text(x, y, words, kind = "", anchor = "middle") {
  return `<text class="${kind}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">` +
    `${escaped(words)}</text>`;
}

export function line(x1, y1, x2, y2, kind = "dlk-line") {
  return `<line class="${kind}" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"/>`;
}

// A curve through points [[x, y], …] in pixels; it is broken where one is not finite.
export function path(points, kind = "dlk-line") {
  let d = "", pen = "M";
  points.forEach(([x, y]) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) { pen = "M"; return; }
    d += `${pen}${px(x)} ${px(y)}`;
    pen = "L";
  });
  return `<path class="${kind}" fill="none" d="${d}"/>`;
}

// A number as text with a true minus: as short as it is, or with so many digits.
export function number(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "∞" : "−∞";
  const short = digits === undefined ? String(Number(value.toPrecision(6))) : value.toFixed(digits);
  return (/^-0(\.0*)?$/.test(short) ? short.slice(1) : short).replace("-", "−");
}

// A number in so many digits, with a power of ten where it is large or tiny: 1.5·10⁻⁷.
export function short(value, digits = 3) {
  const rounded = Number(value.toPrecision(digits)), size = Math.abs(rounded);
  if (size === 0 || (size >= 1e-4 && size < 1e5) || !Number.isFinite(value)) return number(rounded);
  const [front, power] = rounded.toExponential().split("e");
  return `${number(Number(front))}·${tenTo(Number(power))}`;
}

// A power of ten, such as 10⁻⁷.
export function tenTo(power) {
  return `10${[...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign])).join("")}`;
}

// An HTML table with a caption and one row of headings.
export function table(caption, heads, rows) {
  const cells = (row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  return `<table class="dlk-table"><caption>${caption}</caption><thead><tr>` +
    heads.map((head) => `<th scope="col">${head}</th>`).join("") +
    `</tr></thead><tbody>${rows.map(cells).join("")}</tbody></table>`;
}

// Axes of a plot: `x(value)` and `y(value)` give pixels, `x.value(px)` and `y.value(px)` go back.
export function axes({ left, top, width, height, xs, ys }) {
  const scale = (low, high, from, to) => {
    const f = (value) => from + ((value - low) / (high - low)) * (to - from);
    f.value = (at) => low + ((at - from) / (to - from)) * (high - low);
    return f;
  };
  return {
    left, top, width, height,
    x: scale(xs[0], xs[1], left, left + width),
    y: scale(ys[0], ys[1], top + height, top),
  };
}

// The frame of axes with a number at each mark and the axes' names.
export function frame(at, xMarks, yMarks, names = ["", ""]) {
  const { left, top, width, height } = at, floor = top + height;
  return `<rect class="dlk-frame" x="${px(left)}" y="${px(top)}" width="${px(width)}" ` +
    `height="${px(height)}"/>` +
    xMarks.map((mark) => text(at.x(mark), floor + 14, number(mark), "dlk-small")).join("") +
    yMarks.map((mark) => text(left - 5, at.y(mark) + 4, number(mark), "dlk-small", "end")).join("") +
    text(left + width / 2, floor + 29, names[0]) +
    text(left, top - 8, names[1], "", "start");
}

// Marks that are cut off at the frame of axes; places in them are the picture's own.
export function clipped({ left, top, width, height }, marks) {
  const [x, y, wide, tall] = [left, top, width, height].map(px);
  return `<svg x="${x}" y="${y}" width="${wide}" height="${tall}" ` +
    `viewBox="${x} ${y} ${wide} ${tall}">${marks}</svg>`;
}

// -- PNG without compression, for still pictures --

function png({ columns, rows, rgba }) {
  const raw = [], grey = isGrey(rgba);
  for (let row = 0; row < rows; row += 1) {
    const bytes = rgba.slice(row * columns * 4, (row + 1) * columns * 4);
    raw.push(0, ...(grey ? bytes.filter((_, i) => i % 4 === 0) : bytes));
  }
  const deflated = [0x78, 0x01];
  for (let at = 0; at < raw.length; at += 65535) {
    const part = raw.slice(at, at + 65535), size = part.length;
    deflated.push(at + size === raw.length ? 1 : 0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255);
    for (const byte of part) deflated.push(byte);
  }
  deflated.push(...word(adler32(raw)));
  const bytes = [137, 80, 78, 71, 13, 10, 26, 10,
    ...chunk("IHDR", [...word(columns), ...word(rows), 8, grey ? 0 : 6, 0, 0, 0]),
    ...chunk("IDAT", deflated), ...chunk("IEND", [])];
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
}

// Whether one byte a pixel says all.
function isGrey(rgba) {
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2] || rgba[at + 3] !== 255) return false;
  }
  return true;
}

function chunk(name, bytes) {
  const body = [...name].map((sign) => sign.charCodeAt(0)).concat(bytes);
  return [...word(bytes.length), ...body, ...word(crc32(body))];
}

function word(value) {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}

function adler32(bytes) {
  let a = 1, b = 0;
  for (const byte of bytes) { a = (a + byte) % 65521; b = (b + a) % 65521; }
  return ((b << 16) | a) >>> 0;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
