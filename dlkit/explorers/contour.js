// Where a function on a grid of pixels passes through 0, as the pieces of a path.

// `values` are those at the pixels' middles, row by row; x(column) and y(row) give pixels of the picture.
export function zeroLine(values, columns, rows, x, y) {
  let d = "";
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const at = row * columns + column, low = at + columns;
      const corners = [values[at], values[at + 1], values[low + 1], values[low]];
      const above = corners.filter((value) => value > 0).length;
      if (above !== 0 && above !== 4) d += pieces(corners, (dx, dy) => [x(column + dx), y(row + dy)]);
    }
  }
  return d;
}

const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]]; // clockwise from the top left

// The one or two pieces in a square between four pixels.
function pieces(corners, place) {
  const ends = [];
  corners.forEach((a, i) => {
    const next = (i + 1) % 4, b = corners[next];
    if ((a > 0) === (b > 0)) return;
    const share = a / (a - b), [from, to] = [CORNERS[i], CORNERS[next]];
    ends.push(place(...from.map((f, k) => f + share * (to[k] - f))).map((pixel) => pixel.toFixed(1)).join(" "));
  });
  let d = "";
  for (let i = 0; i < ends.length; i += 2) d += `M${ends[i]}L${ends[i + 1]}`;
  return d;
}
