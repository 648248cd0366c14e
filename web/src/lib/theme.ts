/** Colour scheme: `auto` follows the device. */
export type Theme = "auto" | "light" | "dark";

export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/**
 * The choice lives in a cookie, so that the server writes it into the page and nothing flashes;
 * a script in the page's head would need its own exception in the Content Security Policy.
 */
export const THEME_COOKIE = "salus-theme";

/** The theme that a cookie value names; anything else is `auto`. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? "auto";
}

/** Cookie text that keeps a choice for a year. Not a secret, and read by the page itself. */
export function themeCookie(theme: Theme): string {
  return `${THEME_COOKIE}=${theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
