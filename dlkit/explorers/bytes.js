// The bytes that Python handed over as base64 (browser.py, base64_of).
export function bytes(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}
