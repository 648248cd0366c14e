/**
 * Headers for every answer of this server; the Content Security Policy of pages comes from Kit's configuration.
 * @param origin the site's own origin; only an https site may pin https
 */
export function securityHeaders(origin: string | undefined): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ...(origin?.startsWith("https:") && {
      "strict-transport-security": "max-age=31536000; includeSubDomains",
    }),
  };
}
