/** One way in for each kind of person. */
export const WAYS_IN = [
  { href: "/me", label: "Patients" },
  { href: "/institutions", label: "Institutions" },
  { href: "/explore", label: "Developers" },
  { href: "/models", label: "Clinics" },
  { href: "/governance", label: "Voters" },
  { href: "/verify", label: "Auditors" },
] as const;

/** True when a page belongs to a way in. */
export function isCurrent(href: string, pathname: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
